# cmake -DSOURCE=... -P readme_test.cmake: what the README shows is what is compiled, to the letter.
file(READ "${SOURCE}/README.md" readme)

function(expect_in_readme name code)
  string(FIND "${readme}" "```cpp\n${code}```" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "README.md does not hold ${name}:\n${code}")
  endif()
endfunction()

# The part of a file between two lines `// [MARK]`, as far to the left as its first line allows.
function(excerpt file mark result)
  file(READ "${SOURCE}/examples/${file}" text)
  string(REGEX MATCH "\n( *)// \\[${mark}\\]\n(.*\n) *// \\[${mark}\\]\n" found "${text}")
  set(indent "${CMAKE_MATCH_1}")
  string(REPLACE "\n${indent}" "\n" part "\n${CMAKE_MATCH_2}")
  string(SUBSTRING "${part}" 1 -1 part)
  set(${result} "${part}" PARENT_SCOPE)
endfunction()

file(READ "${SOURCE}/examples/readme.cpp" program)
expect_in_readme(examples/readme.cpp "${program}")
excerpt(sweep_to_csv.cpp sweep sweep)
expect_in_readme("the excerpt of examples/sweep_to_csv.cpp" "${sweep}")
