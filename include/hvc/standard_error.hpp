// Std_Errors_Error: what a vCenter says when an operation fails, decoded.
#pragma once

#include <hvc/model.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hvc {

/// ArgumentLocations and FileLocations: where in the input, or in a file, the trouble lies.
struct locations {
  std::string primary{};
  std::vector<std::string> secondary{};
  friend bool operator==(locations const&, locations const&) = default;
};

/// DynamicID: names a resource of any type.
struct dynamic_id {
  std::string type{};
  std::string id{};
  friend bool operator==(dynamic_id const&, dynamic_id const&) = default;
};

/// The `data` of a standard error: raw JSON, because an operation may put anything there, with readers for the four
/// shapes meant for it. Empty text: the member was absent or null. A reader answers nothing where the shape is another;
/// an "@class" member, if there, is not looked at.
class error_data {
public:
  error_data() = default;
  explicit error_data(std::string json) : json_(std::move(json)) {}

  [[nodiscard]] std::string const& json() const noexcept { return json_; }
  [[nodiscard]] bool empty() const noexcept { return json_.empty(); }

  [[nodiscard]] std::optional<locations> argument_locations() const;
  [[nodiscard]] std::optional<locations> file_locations() const;
  [[nodiscard]] std::optional<bool> is_transient() const; ///< TransientIndication
  [[nodiscard]] std::optional<dynamic_id> id() const;     ///< DynamicID

  friend bool operator==(error_data const&, error_data const&) = default;

private:
  std::string json_;
};

/// A standard error. Decoded leniently: what is wrong inside it is left out and noted, so that the type, the messages
/// and the HTTP status are never hidden by a detail.
struct standard_error {
  std::vector<localizable_message> messages{}; ///< the first from the caller's perspective, the others its causes
  error_data data{};
  /// What went wrong. Where the body has no `error_type`, derived from the HTTP status and `error_type_derived` is set.
  open_enum<hvc::error_type> error_type{};
  bool error_type_derived = false;
  std::optional<std::string> challenge{}; ///< of UNAUTHENTICATED: like WWW-Authenticate
  std::vector<std::string> notes{};       ///< what was left out of the body, a path and a reason each; not on the wire
  /// What the server says for a person: the text of its first message, empty if it sent none. See
  /// localizable_message::text.
  [[nodiscard]] std::string_view message() const noexcept {
    return messages.empty() ? std::string_view() : messages.front().text();
  }
  friend bool operator==(standard_error const&, standard_error const&) = default;
};

} // namespace hvc
