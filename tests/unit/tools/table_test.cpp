#include "tools/sync/table.hpp"

#include "catch.hpp"

using namespace hvc::tools;

TEST_CASE("a table is aligned by columns of the screen") {
  CHECK(table({"LINK", "NAME"}, {{"a", "one"}, {"東京東", "two"}, {"é", ""}}, canvas()) == "LINK    NAME\n"
                                                                                           "a       one\n"
                                                                                           "東京東  two\n"
                                                                                           "é       \n");
}

TEST_CASE("a table shows no control character of the server") {
  CHECK(table({"P"}, {{"\x1b[2J"}}, canvas()) == "P\n?[2J\n");
}

TEST_CASE("headings are bold where there are colours, and rows stay plain") {
  CHECK(table({"P"}, {{"x"}}, canvas{true, 0}) == "\x1b[1mP\x1b[0m\nx\n");
}

TEST_CASE("a card wraps values beside their labels") {
  std::vector<field> const fields{{"Status", "FAILED", paint::bad}, {"Message", "one two three four five six"}};
  CHECK(card(fields, canvas{false, 29}) == "Status   FAILED\n"
                                           "Message  one two three four\n"
                                           "         five six\n");
}

TEST_CASE("a card too narrow to wrap leaves that to the terminal") {
  CHECK(card({{"Message", "one two three four five six"}}, canvas{false, 20}) ==
        "Message  one two three four five six\n");
}

TEST_CASE("colours count for nothing in the alignment") {
  CHECK(card({{"A", "x", paint::good}, {"Long", "y"}}, canvas{true, 80}) == "\x1b[1mA\x1b[0m     \x1b[32mx\x1b[0m\n"
                                                                            "\x1b[1mLong\x1b[0m  y\n");
}
