// Decoding each kind of message, and what the same bytes cost as a Boost.JSON document.
#include <hvc/codec.hpp>

#include <benchmark/benchmark.h>
#include <boost/json.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

std::string const& info_of_1_2_kb() {
  static std::string const text = [] {
    std::ifstream file(BENCH_REPLY);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  return text;
}

constexpr std::string_view smallest_info =
    R"({"last_sync_time":"2026-03-14T09:26:53.589Z","status":"SUCCEEDED","polling_interval_in_seconds":300})";

constexpr std::string_view standard_error =
    R"({"error_type":"NOT_FOUND","messages":[{"id":"com.vmware.hvc.provider.not_found","default_message":"Provider )"
    R"(vsphere.local was not found on link 7f3c.","args":["vsphere.local","7f3c"]}],"data":{}})";

std::string links_of(int n) {
  std::vector<hvc::link_summary> links;
  for (int i = 0; i < n; ++i)
    links.push_back({"link-" + std::to_string(i), "Site " + std::to_string(i)});
  return hvc::encode(links);
}

std::string providers_of(int n) {
  std::vector<hvc::provider_summary> providers;
  for (int i = 0; i < n; ++i)
    providers.push_back({"provider-" + std::to_string(i)});
  return hvc::encode(providers);
}

template <class Decode> void repeat(benchmark::State& state, std::string_view text, Decode decode) {
  for (auto _ : state)
    benchmark::DoNotOptimize(decode(text));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(text.size()));
}

auto dom(std::string_view text) { return boost::json::parse(boost::json::string_view(text.data(), text.size())); }
auto info(std::string_view text) { return hvc::decode_sync_info(text); }

void decode_info(benchmark::State& s) { repeat(s, info_of_1_2_kb(), info); }
void decode_info_as_document(benchmark::State& s) { repeat(s, info_of_1_2_kb(), dom); }
void decode_info_as_document_in_an_arena(benchmark::State& s) {
  repeat(s, info_of_1_2_kb(), [](std::string_view text) {
    unsigned char memory[16 * 1024];
    boost::json::monotonic_resource arena(memory);
    return boost::json::parse(boost::json::string_view(text.data(), text.size()), &arena).as_object().size();
  });
}
void decode_smallest_info(benchmark::State& s) { repeat(s, smallest_info, info); }
void decode_smallest_info_as_document(benchmark::State& s) { repeat(s, smallest_info, dom); }
void decode_standard_error(benchmark::State& s) {
  repeat(s, standard_error, [](std::string_view text) { return hvc::decode_standard_error(text, 404); });
}
void decode_100_links(benchmark::State& s) {
  repeat(s, links_of(100), [](std::string_view text) { return hvc::decode_links(text); });
}
void decode_100_providers(benchmark::State& s) {
  repeat(s, providers_of(100), [](std::string_view text) { return hvc::decode_providers(text); });
}
void encode_info(benchmark::State& s) {
  auto const value = hvc::decode_sync_info(info_of_1_2_kb());
  for (auto _ : s)
    benchmark::DoNotOptimize(hvc::encode(*value));
}
void parse_date_time(benchmark::State& s) { repeat(s, "2026-03-14T09:26:53.589Z", hvc::parse_date_time); }

BENCHMARK(decode_info);
BENCHMARK(decode_info_as_document);
BENCHMARK(decode_info_as_document_in_an_arena);
BENCHMARK(decode_smallest_info);
BENCHMARK(decode_smallest_info_as_document);
BENCHMARK(decode_standard_error);
BENCHMARK(decode_100_links);
BENCHMARK(decode_100_providers);
BENCHMARK(encode_info);
BENCHMARK(parse_date_time);

} // namespace
