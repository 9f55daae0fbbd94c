# Makes a program of kernels printed as LLVM IR: what they call does nothing,
# and main calls each of them once.
#
#   awk -f stubs.awk kernels.ll > program.ll

/^declare (void|i32) @tsr_kernel_/ {
  sub(/^declare/, "define")
  sub(/\).*$/, ")")
  print $0 ($2 == "i32" ? " { ret i32 0 }" : " { ret void }")
  next
}
/^define void @/ {
  name = $3
  sub(/\(.*/, "", name)
  kernels[count++] = name
}
{ print }
END {
  print "@places = global [65536 x i64] zeroinitializer"
  print "define i32 @main() {"
  for (i = 0; i < count; i++)
    print "  call void " kernels[i] "(ptr null, ptr @places, ptr @places)"
  print "  ret i32 0"
  print "}"
}
