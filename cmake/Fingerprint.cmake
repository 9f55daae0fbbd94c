# Writes OUT: what all headers of the library in ROOT are like, as one word.
# What is laid out by them in two places may so be found to differ.

file(GLOB_RECURSE headers RELATIVE ${ROOT} ${ROOT}/include/*.h
     ${ROOT}/include/*.def ${ROOT}/lib/*.h ${ROOT}/lib/*.def)
list(SORT headers)
set(all "")
foreach(header IN LISTS headers)
  file(SHA256 ${ROOT}/${header} content)
  string(APPEND all "${header} ${content}\n")
endforeach()
string(SHA256 word "${all}")
file(WRITE ${OUT} "#define TSR_FINGERPRINT \"${word}\"\n")
