// Feeds raw replies to the reader and says in one line what it made of them: "200 keep hello", "protocol(length)",
// "need_more". For tests only.
#pragma once

#include "http/reply_reader.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace hvc::http::test {

enum class ending { open, clean, unclean };

inline void receive(reply_reader& reader, std::string_view bytes) {
  do { // an empty piece counts as one
    std::span<char> const room = reader.prepare(bytes.size());
    std::size_t const n = std::min(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), n);
    bytes.remove_prefix(n);
    if (reader.commit(n) == progress::failed)
      return;
  } while (!bytes.empty());
}

inline std::string describe(failure const& f) {
  std::string text{to_string(f.kind)};
  if (!f.reason.empty())
    text.append("(").append(f.reason).append(")");
  return text;
}

inline std::string describe(reply const& r) {
  return std::to_string(r.status) + (r.reusable ? " keep " : " drop ") + std::string{r.text(r.body)};
}

inline std::string conclude(reply_reader& reader, ending how) {
  progress const p = how == ending::open ? reader.commit(0) : reader.end(how == ending::clean);
  switch (p) {
  case progress::need_more:
    return "need_more";
  case progress::failed:
    return describe(reader.take_failure());
  case progress::reply:
    break;
  }
  return describe(reader.take());
}

// An ending behind a complete reply makes it not reusable; here only what the bytes say is wanted.
inline std::string verdict(std::vector<std::string_view> const& pieces, ending how, reply_limits const& limits = {}) {
  reply_reader reader{limits};
  reader.begin();
  for (std::string_view const piece : pieces)
    receive(reader, piece);
  return conclude(reader, reader.commit(0) == progress::reply ? ending::open : how);
}

inline std::vector<std::string_view> bytewise(std::string_view bytes) {
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    pieces.push_back(bytes.substr(i, 1));
  return pieces;
}

// The verdict on a whole reply, if it is the same split in two anywhere and byte by byte; otherwise a text that equals
// no verdict.
inline std::string verdict_however_split(std::string_view bytes, ending how = ending::open,
                                         reply_limits const& limits = {}) {
  std::string const whole = verdict({bytes}, how, limits);
  if (std::string const single = verdict(bytewise(bytes), how, limits); single != whole)
    return "whole: " + whole + ", byte by byte: " + single;
  for (std::size_t at = 0; at <= bytes.size(); ++at)
    if (std::string const split = verdict({bytes.substr(0, at), bytes.substr(at)}, how, limits); split != whole)
      return "whole: " + whole + ", split at " + std::to_string(at) + ": " + split;
  return whole;
}

} // namespace hvc::http::test
