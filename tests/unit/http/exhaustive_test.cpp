// H36: forty replies, split, truncated and mutated at every byte. No crash, no hang, and no other success than one that
// had to be.
#include "catch.hpp"

#include "verdict.hpp"

#include <string>
#include <vector>

using namespace hvc::http;
using namespace hvc::http::test;

namespace {

std::vector<std::string> canonical_replies() {
  std::vector<std::string> all;
  auto const add = [&](std::string bytes) { all.push_back(std::move(bytes)); };
  std::string const ok = "HTTP/1.1 200 OK\r\n";
  for (std::string const fields : {"", "Content-Type: application/json\r\n", "connection: keep-alive\r\n", "A:\r\n",
                                   "Keep-Alive: timeout=5\r\n", "X: a\r\n b\r\n", "Connection: close\r\n"}) {
    add(ok + fields + "Content-Length: 5\r\n\r\nhello");
    add(ok + "Content-Length: 5\r\n" + fields + "\r\nhello");
    add(ok + fields + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  }
  std::string const chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  add(chunked + "0\r\n\r\n");
  add(chunked + "1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
  add(chunked + "b;x=y\r\nhello world\r\n00\r\n\r\n");
  add(chunked + "2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n");
  add(chunked + "2\r\n\r\n\r\n0\r\nHost: a\r\n\r\n");
  add("HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\n\"abc\"");
  add("HTTP/1.1 204 No Content\r\n\r\n");
  add("HTTP/1.1 304 Not Modified\r\nDate: x\r\n\r\n");
  add("HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n");
  add("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 2\r\n\r\nno");
  add("HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nok");
  add("HTTP/1.1 103 X\r\nLink: a\r\n\r\n" + chunked + "2\r\nok\r\n0\r\n\r\n");
  add("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
  add(ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok");
  add(ok + "Content-Length: 2, 2\r\n\r\nok");
  add(ok + "Content-Length: 0\r\n\r\n");
  add(ok + "Content-Length: 2\r\n\r\nok!");
  add(ok + "Connection: a, close\r\nContent-Length: 2\r\n\r\nok");
  add(ok + "content-length:2\r\n\r\n\r\n");
  return all;
}

struct outcome {
  bool success = false;
  int status = 0;
  bool reusable = false;
  std::string body;
};

outcome read(std::string_view bytes) {
  static reply_reader reader{reply_limits{}};
  reader.begin();
  receive(reader, bytes);
  if (reader.commit(0) != progress::reply)
    return {};
  reply const r = reader.take();
  return {true, r.status, r.reusable, std::string{r.text(r.body)}};
}

// Where a change may rightly change the outcome of a success.
struct regions {
  std::vector<bool> status; // digits of a status
  std::vector<bool> reuse;  // version, Connection and trailers: may also decide about reuse
  std::vector<bool> length; // fields that frame
  std::vector<bool> body;   // the body, chunked or not
};

std::string lower(std::string_view s) {
  std::string out{s};
  for (char& c : out)
    c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return out;
}

regions find_regions(std::string_view bytes) {
  std::vector<bool> const none(bytes.size(), false);
  regions r{none, none, none, none};
  std::size_t at = 0;
  bool final = false;
  while (at < bytes.size()) {
    std::size_t const next = bytes.find("\r\n", at) + 2;
    std::string const line = lower(bytes.substr(at, next - at));
    if (line.starts_with("http/")) {
      final = line[9] != '1';
      r.reuse[at + 7] = true;
      for (std::size_t i = at + 9; i < at + 12; ++i)
        r.status[i] = true;
    }
    for (std::size_t i = at; i < next; ++i) {
      r.length[i] = r.length[i] || line.starts_with("content-length") || line.starts_with("transfer-encoding");
      r.reuse[i] = r.reuse[i] || line.starts_with("connection");
    }
    at = next;
    if (line == "\r\n" && final)
      break;
  }
  for (std::size_t i = at; i < bytes.size(); ++i)
    r.body[i] = true;
  return r;
}

// A mutated reply that is accepted still: may it be?
bool is_excusable(outcome const& original, outcome const& mutated, regions const& where, std::size_t at) {
  if (where.body[at]) // data, or in chunked bodies a trailer's name
    return mutated.status == original.status;
  if (where.status[at])
    return true; // another status is another reply, and 204 has no body
  bool const same = mutated.status == original.status && mutated.body == original.body;
  if (where.length[at]) // a shorter length leaves bytes behind, a longer one takes in bytes that were left behind
    return mutated.status == original.status &&
           (same || !mutated.reusable || mutated.body.size() > original.body.size());
  if (where.reuse[at])
    return same;
  return same && (mutated.reusable == original.reusable || !mutated.reusable);
}

} // namespace

TEST_CASE("H36 forty replies split at every byte read the same") {
  std::vector<std::string> const replies = canonical_replies();
  CHECK(replies.size() == 40);
  for (std::string const& bytes : replies) {
    CAPTURE(bytes);
    std::string const whole = verdict({bytes}, ending::open);
    CHECK(whole.find(whole.find("keep") != std::string::npos ? "keep" : "drop") == 4);
    CHECK(verdict_however_split(bytes) == whole);
  }
}

TEST_CASE("H36 a reply truncated at any byte is never a success") {
  for (std::string const& bytes : canonical_replies()) {
    std::size_t shortest = bytes.size();
    while (read(std::string_view{bytes}.substr(0, shortest - 1)).success) // surplus bytes are no part of the reply
      --shortest;
    for (std::size_t size = 0; size < shortest; ++size) {
      CAPTURE(bytes, size);
      std::string_view const part{bytes.data(), size};
      CHECK(verdict({part}, ending::open) == "need_more");
      CHECK(verdict({part}, ending::clean).starts_with("connection_lost("));
      CHECK(verdict({part}, ending::unclean).starts_with("connection_lost("));
    }
  }
}

TEST_CASE("H36 no reply with one byte changed is another success, unless that byte says so") {
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (std::string const& bytes : canonical_replies()) {
    outcome const original = read(bytes);
    regions const where = find_regions(bytes);
    std::string mutated = bytes;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      for (int value = 0; value < 256; ++value) {
        mutated[at] = static_cast<char>(value);
        outcome const now = read(mutated);
        ++(now.success ? accepted : refused);
        if (now.success && !is_excusable(original, now, where, at)) {
          CAPTURE(mutated, at, value, now.status, now.reusable, now.body);
          CHECK(false);
        }
      }
      mutated[at] = bytes[at];
    }
  }
  CHECK(accepted > 100'000);
  CHECK(refused > 100'000);
}
