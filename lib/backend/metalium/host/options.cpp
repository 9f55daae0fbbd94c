struct Options {
  std::map<std::string, std::string> inputs, outputs; // name to file
  uint64_t seed = 0;
  uint64_t repeat = 1;
  bool check = true;
  bool raw = false;
};

bool has_name(const std::vector<std::string> &names, const std::string &name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

uint64_t read_count(const std::string &option, const std::string &text) {
  const bool is_number =
      !text.empty() && text.size() < 20 &&
      text.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number) {
    fail(option + " takes a number, not '" + text + "'");
  }
  return std::stoull(text);
}

// Adds NAME=FILE to `files`.
void read_file_option(const std::string &option, const std::string &text,
                      const std::vector<std::string> &names,
                      std::map<std::string, std::string> &files) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals + 1 == text.size()) {
    fail(option + " takes NAME=FILE.npy");
  }
  const std::string name = text.substr(0, equals);
  if (!has_name(names, name)) {
    std::string known;
    for (const std::string &other : names) {
      known += (known.empty() ? "" : ", ") + other;
    }
    fail(option + ": no '" + name + "' here; there is " + known);
  }
  files[name] = text.substr(equals + 1);
}

// Files are written after all are read, yet none that was given is lost.
void refuse_to_replace(const Options &options) {
  for (const auto &[output, to] : options.outputs) {
    for (const auto &[input, from] : options.inputs) {
      std::error_code missing;
      if (std::filesystem::equivalent(from, to, missing)) {
        fail("--output " + output + "=" + to + " would replace '" + from +
             "', which --input " + input + " reads");
      }
    }
  }
}

// Options are --name=value or --name value.
Options parse_options(int argc, char **argv,
                      const std::vector<std::string> &inputs,
                      const std::vector<std::string> &outputs) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const size_t equals = argument.find('=');
    const std::string option = argument.substr(0, equals);
    if (option == "--raw" && equals == std::string::npos) {
      options.raw = true;
      continue;
    }
    if (option == "--help") {
      std::printf("options: --input NAME=FILE.npy  --output NAME=FILE.npy  "
                  "--raw  --seed N  --check=on|off  --repeat=N\n");
      check_stdout();
      std::exit(0);
    }
    std::string value;
    if (equals != std::string::npos) {
      value = argument.substr(equals + 1);
    } else if (i + 1 < argc) {
      value = argv[++i];
    } else {
      fail(option + " needs a value, or is no option; see --help");
    }
    if (option == "--input") {
      read_file_option(option, value, inputs, options.inputs);
    } else if (option == "--output") {
      read_file_option(option, value, outputs, options.outputs);
    } else if (option == "--seed") {
      options.seed = read_count(option, value);
    } else if (option == "--repeat") {
      options.repeat = read_count(option, value);
    } else if (option == "--check" && (value == "on" || value == "off")) {
      options.check = value == "on";
    } else {
      fail("no option " + argument + "; see --help");
    }
  }
  refuse_to_replace(options);
  return options;
}
