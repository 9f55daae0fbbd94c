// RUN: %unit/emit

#include "tessera/emit.h"

#include "check.h"

// Finishes, compares and destroys.
static void check_output(tsr_emit *out, const char *expected) {
  tsr_buffer text;
  tsr_buffer_init(&text);
  tsr_emit_finish(out, &text);
  CHECK_TEXT(tsr_buffer_str(&text), expected);
  tsr_buffer_deinit(&text);
  tsr_emit_destroy(out);
}

static void test_sections(void) {
  tsr_emit *out = tsr_emit_create(TSR_EMIT_CPP);
  tsr_emit_stmt(out, "int x = %d", 1);
  tsr_emit_include(out, "b.h");
  tsr_emit_include(out, "a.h");
  tsr_emit_include(out, "b.h");
  tsr_emit_include_system(out, "cstdint");
  tsr_emit_banner(out, "Moves A.");
  tsr_emit_begin_preamble(out);
  tsr_emit_directive(out, "if !__has_include(\"a.h\")");
  tsr_emit_directive(out, "error wrong release");
  tsr_emit_directive(out, "endif");
  tsr_emit_end_preamble(out);
  check_output(out, "// Moves A.\n"
                    "\n"
                    "#if !__has_include(\"a.h\")\n"
                    "#error wrong release\n"
                    "#endif\n"
                    "\n"
                    "#include <cstdint>\n"
                    "\n"
                    "#include \"a.h\"\n"
                    "#include \"b.h\"\n"
                    "\n"
                    "int x = 1;\n");
}

static void test_blocks(void) {
  tsr_emit *out = tsr_emit_create(TSR_EMIT_CPP);
  tsr_emit_open_namespace(out, "");
  tsr_emit_blank(out);
  tsr_emit_open(out, "void f()");
  tsr_emit_blank(out);
  tsr_emit_open(out, "if (x)");
  tsr_emit_stmt(out, "g()");
  tsr_emit_blank(out);
  tsr_emit_blank(out);
  tsr_emit_reopen(out, "else");
  tsr_emit_stmt(out, "h()");
  tsr_emit_close(out);
  tsr_emit_blank(out);
  tsr_emit_open_list(out, "const int rows[][2] = ");
  tsr_emit_item(out, "{%d, 2}", 1);
  tsr_emit_close_stmt(out, "%s", "");
  tsr_emit_close(out);
  tsr_emit_close_namespace(out);
  check_output(out, "namespace {\n"
                    "void f() {\n"
                    "  if (x) {\n"
                    "    g();\n"
                    "  } else {\n"
                    "    h();\n"
                    "  }\n"
                    "\n"
                    "  const int rows[][2] = {\n"
                    "      {1, 2},\n"
                    "  };\n"
                    "}\n"
                    "\n"
                    "} // namespace\n");
}

static void test_comments(void) {
  tsr_emit *out = tsr_emit_create(TSR_EMIT_CPP);
  tsr_emit_open(out, "void f()");
  tsr_emit_comment(out, "Reads the tiles of A row by row and those of B column "
                        "by column, which is the order compute wants.");
  tsr_emit_stmt(out, "g()");
  tsr_emit_close(out);
  check_output(
      out,
      "void f() {\n"
      "  // Reads the tiles of A row by row and those of B column by column, "
      "which is\n"
      "  // the order compute wants.\n"
      "  g();\n"
      "}\n");
}

// Long lines end behind a comma or an operator, outside of string literals.
static void test_wrapping(void) {
  tsr_emit *out = tsr_emit_create(TSR_EMIT_CPP);
  tsr_emit_open(out, "void f()");
  tsr_emit_stmt(out, "call_with_a_long_name(first_argument, second_argument, "
                     "third_argument, fourth)");
  tsr_emit_stmt(out, "const std::uint32_t a_rather_long_variable_name = "
                     "another_rather_long_name * one_more_long_name");
  tsr_emit_stmt(out, "std::cout << \"a long text, with commas, that must stay "
                     "whole\" << value << other");
  tsr_emit_close(out);
  check_output(
      out,
      "void f() {\n"
      "  call_with_a_long_name(first_argument, second_argument, "
      "third_argument,\n"
      "                        fourth);\n"
      "  const std::uint32_t a_rather_long_variable_name =\n"
      "      another_rather_long_name * one_more_long_name;\n"
      "  std::cout << \"a long text, with commas, that must stay whole\" << "
      "value\n"
      "      << other;\n"
      "}\n");
}

static void test_cmake(void) {
  tsr_emit *out = tsr_emit_create(TSR_EMIT_CMAKE);
  tsr_emit_comment(out, "Builds it.");
  tsr_emit_open(out, "if(TARGET x)");
  tsr_emit_stmt(out, "foo(a b)");
  tsr_emit_reopen(out, "else()");
  tsr_emit_stmt(out, "bar()");
  tsr_emit_close(out);
  check_output(out, "# Builds it.\n"
                    "if(TARGET x)\n"
                    "  foo(a b)\n"
                    "else()\n"
                    "  bar()\n"
                    "endif()\n");
}

static void test_names(void) {
  tsr_emit *out = tsr_emit_create(TSR_EMIT_CPP);
  int a, b, c, d, e, f, g;
  tsr_emit_reserve(out, "cb_wait_front");
  CHECK_TEXT(tsr_emit_declare(out, &a, "tile"), "tile");
  CHECK_TEXT(tsr_emit_declare(out, &b, "tile"), "tile_2");
  CHECK_TEXT(tsr_emit_declare(out, &c, "int"), "int_");
  CHECK_TEXT(tsr_emit_declare(out, &d, "int"), "int_2");
  CHECK_TEXT(tsr_emit_declare(out, &e, "cb_wait_front"), "cb_wait_front_2");
  CHECK_TEXT(tsr_emit_declare(out, &f, "0"), "v0");
  CHECK_TEXT(tsr_emit_unique(out, "a.b__c"), "a_b_c");
  CHECK_TEXT(tsr_emit_unique(out, "_X"), "v_X");
  CHECK_TEXT(tsr_emit_unique(out, ""), "v");
  CHECK_TEXT(tsr_emit_name(out, &b), "tile_2");
  CHECK(tsr_emit_find_name(out, &g) == NULL);
  tsr_emit_destroy(out);
}

// A name is free again after its block; names of a head belong to the block.
static void test_scopes(void) {
  tsr_emit *out = tsr_emit_create(TSR_EMIT_CPP);
  int i, j, k;
  tsr_emit_begin_scope(out);
  const char *name = tsr_emit_declare(out, &i, "i");
  tsr_emit_open(out, "for (int %s = 0; %s < 2; ++%s)", name, name, name);
  CHECK_TEXT(tsr_emit_declare(out, &j, "i"), "i_2");
  tsr_emit_close(out);
  CHECK(tsr_emit_find_name(out, &i) == NULL);
  CHECK_TEXT(tsr_emit_declare(out, &k, "i"), "i");
  check_output(out, "for (int i = 0; i < 2; ++i) {\n}\n");
}

static void test_quote(void) {
  tsr_emit *out = tsr_emit_create(TSR_EMIT_CPP);
  CHECK_TEXT(tsr_emit_quote(out, "a\"b\\c\n1"), "\"a\\\"b\\\\c\\0121\"");
  tsr_emit_destroy(out);
}

int main(void) {
  test_sections();
  test_blocks();
  test_comments();
  test_wrapping();
  test_cmake();
  test_names();
  test_scopes();
  test_quote();
  return report_checks();
}
