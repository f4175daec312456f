#include "api/redact.hpp"

#include "api/json_reader.hpp"
#include "api/json_writer.hpp"
#include "error_builder.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <string>
#include <vector>

namespace hvc {
namespace {

constexpr std::string_view mask = "***";
constexpr std::size_t shortest = 4; // and longer than the mask, which so never shows one

std::string json_escaped(std::string_view text) {
  json::writer to;
  to.string(text);
  auto const quoted = to.take();
  return quoted.substr(1, quoted.size() - 2);
}

// As some writers of JSON do although they need not.
std::string with_slashes_escaped(std::string text) {
  for (auto at = text.find('/'); at != std::string::npos; at = text.find('/', at + 2))
    text.insert(at, 1, '\\');
  return text;
}

// Base64 says the same without the padding, which some writers of JSON escape.
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
    // The longest first: one secret may hold another.
    std::sort(forms_.begin(), forms_.end(), [](auto const& a, auto const& b) { return a.size() > b.size(); });
  }

  void text(std::string& t) const {
    for (auto const& secret : forms_)
      replace(t, secret);
  }

  // A text that may have been cut.
  void excerpt(std::string& t) const {
    text(t);
    std::string_view const dots = t.ends_with("...") ? "..." : "";
    std::string_view const rest = std::string_view(t).substr(0, t.size() - dots.size());
    for (auto const& secret : forms_)
      for (auto n = std::min(secret.size() - 1, rest.size()); n >= shortest; --n)
        if (rest.ends_with(std::string_view(secret).substr(0, n))) {
          t.replace(rest.size() - n, n, mask);
          return;
        }
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
  void add_forms(std::string_view secret) {
    if (secret.size() < shortest)
      return;
    forms_.emplace_back(secret);
    auto const escaped = json_escaped(secret);
    for (auto& form : {escaped, with_slashes_escaped(escaped)})
      if (form != forms_.back())
        forms_.push_back(form);
  }

  // In one pass, however often it occurs: who wrote the text may know the secret.
  static void replace(std::string& t, std::string const& secret) {
    auto at = t.find(secret);
    if (at == std::string::npos)
      return;
    std::string clean;
    clean.reserve(t.size());
    std::size_t from = 0;
    for (; at != std::string::npos; at = t.find(secret, from)) {
      clean.append(t, from, at - from).append(mask);
      from = at + secret.size();
    }
    t = clean.append(t, from);
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
