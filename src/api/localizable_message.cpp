// LocalizableMessage and what it nests, member by member. The nesting has no bound in the schema: the reader's depth
// limit is what ends the recursion here.
#include "api/localizable_message.hpp"

#include "api/document.hpp"
#include "api/members.hpp"

#include <algorithm>

namespace hvc {

bool operator==(nested_localizable_message const& a, nested_localizable_message const& b) {
  return a.id == b.id && a.params == b.params;
}

bool operator==(localization_param const& a, localization_param const& b) {
  return a.s == b.s && a.dt == b.dt && a.i == b.i && a.d == b.d && a.l == b.l && a.format == b.format &&
         a.precision == b.precision;
}

namespace json {

// Of external linkage, because field() finds them by argument-dependent look-up.
bool read(reader& in, localization_params& out);
bool read(reader& in, nested_localizable_message& out);
void write(writer& to, localization_params const& params);
void write(writer& to, nested_localizable_message const& value);

namespace {

constexpr member of_param[] = {field<&localization_param::s>(R"("s":)"),
                               field<&localization_param::dt>(R"("dt":)"),
                               field<&localization_param::i>(R"("i":)"),
                               field<&localization_param::d>(R"("d":)"),
                               field<&localization_param::l>(R"("l":)"),
                               field<&localization_param::format>(R"("format":)"),
                               field<&localization_param::precision>(R"("precision":)")};
constexpr structure param_structure(of_param);

constexpr member of_nested[] = {field<&nested_localizable_message::id>(R"("id":)"),
                                field<&nested_localizable_message::params>(R"("params":)")};
constexpr structure nested_structure(of_nested);

constexpr member of_message[] = {
    field<&localizable_message::id>(R"("id":)"), field<&localizable_message::default_message>(R"("default_message":)"),
    field<&localizable_message::args>(R"("args":)"), field<&localizable_message::params>(R"("params":)"),
    field<&localizable_message::localized>(R"("localized":)")};
constexpr structure message_structure(of_message);

// A name that occurs twice, if any. Comparing each with each is fastest for the few there are; sorting keeps a hostile
// server's many from costing their square.
std::optional<std::string_view> repeated_name(localization_params const& params) {
  constexpr std::size_t few = 16;
  if (params.size() <= few) {
    for (std::size_t i = 1; i < params.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (params[i].name == params[j].name)
          return params[i].name;
    return std::nullopt;
  }
  std::vector<std::string_view> names;
  names.reserve(params.size());
  for (auto const& entry : params)
    names.push_back(entry.name);
  std::sort(names.begin(), names.end());
  auto const twice = std::adjacent_find(names.begin(), names.end());
  return twice == names.end() ? std::nullopt : std::optional(*twice);
}

} // namespace

bool read(reader& in, localization_params& out) {
  auto at = in.first_member();
  if (at == reader::step::item)
    out.reserve(5);
  auto begin = in.here_exactly();
  for (; at == reader::step::item; at = in.next_member()) {
    auto& entry = out.emplace_back();
    if (!in.name(entry.name)) [[unlikely]] {
      if (!in.leave_out_member(begin))
        return false;
      out.pop_back();
      continue;
    }
    in.move_here(begin);
    bool const good = read_members(in, &entry.value, param_structure);
    if (in.settled(good)) [[likely]]
      continue;
    auto const outcome = in.settle(good, begin, entry.name);
    if (outcome == reader::outcome::failed)
      return false;
    if (outcome == reader::outcome::left_out)
      out.pop_back();
  }
  if (at != reader::step::end)
    return false;
  if (auto const name_given_twice = repeated_name(out)) {
    in.fail("duplicate", "given twice");
    in.under(*name_given_twice);
    return false;
  }
  return true;
}

void write(writer& to, localization_params const& params) {
  to.begin_object();
  for (auto const& [name, value] : params) {
    to.name(name);
    write_members(to, &value, param_structure);
  }
  to.end_object();
}

bool read(reader& in, nested_localizable_message& out) { return read_members(in, &out, nested_structure); }
void write(writer& to, nested_localizable_message const& value) { write_members(to, &value, nested_structure); }
bool read(reader& in, localizable_message& out) { return read_members(in, &out, message_structure); }
void write(writer& to, localizable_message const& value) { write_members(to, &value, message_structure); }

} // namespace json

std::string encode(localizable_message const& value) { return json::encode_document(value); }

} // namespace hvc
