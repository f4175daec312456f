# cmake -DSOURCE=... -P readme_test.cmake: the program in the README is the one that is compiled, to the letter.
file(READ "${SOURCE}/README.md" readme)
file(READ "${SOURCE}/examples/readme.cpp" program)
string(FIND "${readme}" "```cpp\n${program}```" found)
if(found EQUAL -1)
  message(FATAL_ERROR "README.md does not hold examples/readme.cpp")
endif()
