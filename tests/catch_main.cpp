// main() of every test program: Catch2 2 generates it here, Catch2 3 brings it as a library.
#if __has_include(<catch2/catch.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
