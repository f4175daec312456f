#include "api/redact.hpp"

#include "api/json_reader.hpp"
#include "api/json_writer.hpp"
#include "api/unescaped.hpp"
#include "error_builder.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <string>
#include <vector>

namespace hvc {
namespace {

constexpr std::string_view mask = "***";
constexpr std::size_t shortest = 4;    // and longer than the mask, which so never shows one
constexpr unsigned most_escapings = 3; // JSON in a string of JSON, and that in one of a page

// What JSON holds of a text: U+FFFD where there are bytes that are no UTF-8.
std::string as_in_json(std::string_view text) {
  json::writer to;
  to.string(text);
  auto const quoted = to.take();
  return std::string(unescaped(std::string_view(quoted).substr(1, quoted.size() - 2)).text());
}

// Base64 says the same without the padding.
std::string_view without_padding(std::string_view text) {
  return text.size() % 4 != 0 ? text : text.substr(0, text.find_last_not_of('=') + 1);
}

class redactor {
public:
  explicit redactor(std::span<std::string_view const> secrets) {
    for (auto const s : secrets) {
      add_forms(s);
      if (auto const base64 = without_padding(s); base64 != s)
        add_forms(base64);
    }
  }

  // In one pass, however often they occur: who wrote the text may know the secrets.
  void text(std::string& t) const {
    auto places = places_in(t, most_escapings);
    if (places.empty())
      return;
    std::sort(places.begin(), places.end(), [](place const& a, place const& b) { return a.begin < b.begin; });
    std::string clean;
    clean.reserve(t.size());
    std::size_t from = 0;
    for (auto const& p : places) {
      if (p.begin >= from) // else it overlaps with the one before
        clean.append(t, from, p.begin - from).append(mask);
      from = std::max(from, p.end);
    }
    t = clean.append(t, from);
  }

  // A text that may have been cut.
  void excerpt(std::string& t) const {
    text(t);
    std::string_view const dots = t.ends_with("...") ? "..." : "";
    std::string_view const rest = std::string_view(t).substr(0, t.size() - dots.size());
    if (auto const cut = cut_secret(rest, most_escapings); cut != rest.size())
      t.replace(cut, rest.size() - cut, mask);
  }

  void error(standard_error& e) const {
    for (auto& m : e.messages) {
      text(m.id);
      text(m.default_message);
      for (auto& a : m.args)
        text(a);
      if (m.params)
        params(*m.params);
      if (m.localized)
        text(*m.localized);
    }
    data(e.data);
    if (e.error_type == error_type::unknown)
      type(e.error_type);
    if (e.challenge)
      text(*e.challenge);
    for (auto& n : e.notes)
      excerpt(n);
  }

private:
  struct place {
    std::size_t begin, end;
  };

  void add_forms(std::string_view secret) {
    if (secret.size() < shortest)
      return;
    forms_.emplace_back(secret);
    if (auto in_json = as_in_json(secret); in_json != secret)
      forms_.push_back(std::move(in_json));
  }

  // Of secrets in a text, as it is and with its escapes undone, so many times.
  [[nodiscard]] std::vector<place> places_in(std::string_view text, unsigned escapings) const {
    std::vector<place> found;
    for (std::string_view const secret : forms_)
      for (auto at = text.find(secret); at != std::string_view::npos; at = text.find(secret, at + secret.size()))
        found.push_back({at, at + secret.size()});
    if (escapings == 0 || text.find('\\') == std::string_view::npos)
      return found;
    unescaped const below(text);
    for (auto const& p : places_in(below.text(), escapings - 1))
      found.push_back({below.origin(p.begin), below.origin(p.end)});
    return found;
  }

  // Where a secret begins that the text's end has cut off, or that end.
  [[nodiscard]] std::size_t cut_secret(std::string_view text, unsigned escapings) const {
    auto cut = text.size();
    for (std::string_view const secret : forms_)
      for (auto n = std::min(secret.size() - 1, text.size()); n >= shortest; --n)
        if (text.ends_with(secret.substr(0, n)))
          cut = std::min(cut, text.size() - n);
    if (escapings == 0 || text.find('\\') == std::string_view::npos)
      return cut;
    unescaped const below(text);
    auto const cut_below = cut_secret(below.whole(), escapings - 1);
    return cut_below == below.whole().size() ? cut : std::min(cut, below.origin(cut_below));
  }

  void params(localization_params& all) const {
    for (auto& p : all) {
      text(p.name);
      if (p.value.s)
        text(*p.value.s);
      if (p.value.l) {
        text(p.value.l->id);
        if (p.value.l->params)
          params(*p.value.l->params);
      }
    }
  }

  // What is no JSON afterwards (a number was a secret) says nothing any more.
  void data(error_data& d) const {
    auto json = d.json();
    text(json);
    if (json == d.json())
      return;
    json::reader in(json, std::numeric_limits<unsigned>::max());
    d = in.begin() && in.skip() && in.finish() ? error_data(std::move(json)) : error_data();
  }

  void type(open_enum<error_type>& t) const {
    std::string name(t.name());
    text(name);
    t = open_enum<error_type>::from_name(name);
  }

  std::vector<std::string> forms_;
};

error::detail redacted(error::detail d, redactor const& redact) {
  redact.excerpt(d.text);
  redact.excerpt(d.content_type);
  redact.excerpt(d.body_excerpt);
  if (d.standard) {
    auto clean = *d.standard;
    redact.error(clean);
    d.standard = std::make_shared<standard_error const>(std::move(clean));
  }
  return d;
}

} // namespace

error redacted(error e, std::span<std::string_view const> secrets) noexcept {
  error_builder b(std::move(e));
  if (b.detail() == nullptr)
    return b.build();
  try {
    auto clean = redacted(*b.detail(), redactor(secrets));
    return b.without_detail().detail(std::move(clean)).build();
  } catch (std::bad_alloc const&) {
    return b.without_detail().build();
  }
}

} // namespace hvc
