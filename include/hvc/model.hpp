// The values this API speaks of: Info, SessionInfo, LocalizableMessage and what they hold, as plain C++ types.
// They know nothing of JSON, HTTP or connections; <hvc/codec.hpp> turns bytes into them and back.
//
// Source of every field: "Get Link Provider Sync" of the vSphere Automation API reference.
#pragma once

#include <hvc/boxed.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hvc {

/// A point in time of the API (RFC 3339 on the wire), UTC, microseconds. Microseconds rather than nanoseconds because
/// the API's range ends in the year 9999; fraction digits beyond the sixth are cut.
using date_time = std::chrono::sys_time<std::chrono::microseconds>;

/// The constants of an enumeration `E` of the API, by name. Specialised for each enumeration below.
template <class E> struct enum_names;

/// An enumeration of the API that stays open: a newer server may send names this library does not know, and those are
/// kept as text. Converts to `E`, so it can be compared and switched over; an unknown name converts to `E::unknown`.
template <class E> class open_enum {
public:
  open_enum() = default;
  open_enum(E value) : value_(value) {} // NOLINT(google-explicit-constructor): a constant is a value of the enumeration
  open_enum& operator=(E value) noexcept {
    value_ = value;
    raw_.clear();
    return *this;
  }

  /// The value with this exact name (case matters); any other text is kept as an unknown value.
  static open_enum from_name(std::string_view name) {
    open_enum result;
    result.value_ = enum_names<E>::find(name);
    if (result.value_ == E::unknown)
      result.raw_ = name;
    return result;
  }

  operator E() const noexcept { return value_; } // NOLINT(google-explicit-constructor): see above
  /// The name on the wire, of an unknown value too.
  [[nodiscard]] std::string_view name() const noexcept {
    return value_ == E::unknown ? std::string_view(raw_) : enum_names<E>::name(value_);
  }

  friend bool operator==(open_enum const&, open_enum const&) = default;
  friend bool operator==(open_enum const& a, E b) noexcept { return a.value_ == b; }

private:
  E value_ = E::unknown;
  std::string raw_; // the text of an unknown value, else empty
};

/// Providers.Status: how the last synchronisation of a provider ended.
enum class sync_status : std::uint8_t { unknown, succeeded, failed, no_sync_found };
/// Providers.SessionInfo.stage: where a synchronisation session stands.
enum class sync_stage : std::uint8_t {
  unknown,
  change_detection,
  change_enumeration,
  change_application,
  completed,
  failed,
  waiting
};
/// Whether a hybrid link works (vCenter 8.0.1 and later).
enum class health_status : std::uint8_t { unknown, healthy, unhealthy };
/// DateTimeFormat: how a `dt` parameter is meant to be shown.
enum class date_time_format : std::uint8_t {
  unknown,
  short_date,
  med_date,
  long_date,
  full_date,
  short_time,
  med_time,
  long_time,
  full_time,
  short_date_time,
  med_date_time,
  long_date_time,
  full_date_time
};
/// The 25 standard errors of the API. `unknown` stands for a name this library does not know.
enum class error_type : std::uint8_t {
  unknown,
  error,
  already_exists,
  already_in_desired_state,
  canceled,
  concurrent_change,
  feature_in_use,
  internal_server_error,
  invalid_argument,
  invalid_element_configuration,
  invalid_element_type,
  invalid_request,
  not_allowed_in_current_state,
  not_found,
  operation_not_found,
  resource_busy,
  resource_in_use,
  resource_inaccessible,
  service_unavailable,
  timed_out,
  unable_to_allocate_resource,
  unauthenticated,
  unauthorized,
  unexpected_input,
  unsupported,
  unverified_peer
};

// clang-format off
template <> struct enum_names<sync_status> { static sync_status find(std::string_view) noexcept; static std::string_view name(sync_status) noexcept; };
template <> struct enum_names<sync_stage> { static sync_stage find(std::string_view) noexcept; static std::string_view name(sync_stage) noexcept; };
template <> struct enum_names<health_status> { static health_status find(std::string_view) noexcept; static std::string_view name(health_status) noexcept; };
template <> struct enum_names<date_time_format> { static date_time_format find(std::string_view) noexcept; static std::string_view name(date_time_format) noexcept; };
template <> struct enum_names<error_type> { static error_type find(std::string_view) noexcept; static std::string_view name(error_type) noexcept; };
// clang-format on

struct localization_entry;
/// A map of string to LocalizationParam, in the order of the wire.
using localization_params = std::vector<localization_entry>;

/// NestedLocalizableMessage: a message inside a parameter of another one.
struct nested_localizable_message {
  std::string id{};
  std::optional<localization_params> params;
  friend bool operator==(nested_localizable_message const&, nested_localizable_message const&);
};

/// LocalizationParam. Every member is optional; normally exactly one of the first five is set.
struct localization_param {
  localization_param() noexcept;
  std::optional<std::string> s{};
  std::optional<date_time> dt{};
  std::optional<std::int64_t> i{};
  std::optional<double> d{};
  boxed<nested_localizable_message> l{};
  std::optional<open_enum<date_time_format>> format{}; ///< how to show `dt`
  std::optional<std::int64_t> precision{};             ///< decimals to show of `d`
  friend bool operator==(localization_param const&, localization_param const&);
};

/// One named parameter.
struct localization_entry {
  localization_entry() noexcept {} // NOLINT(modernize-use-equals-default): as localization_param()
  localization_entry(std::string n, localization_param v = {}) noexcept // NOLINT(google-explicit-constructor)
      : name(std::move(n)), value(std::move(v)) {}
  std::string name{};
  localization_param value{};
  friend bool operator==(localization_entry const&, localization_entry const&) = default;
};

// Not defaulted: g++ would clear all its bytes first, the slowest way there is. Here, because a message nests
// parameters, whose type had to be complete.
inline localization_param::localization_param() noexcept {}

/// LocalizableMessage: a text for a person, with what is needed to translate it.
struct localizable_message {
  std::string id{};
  std::string default_message{}; ///< en_US, the arguments already put in
  std::vector<std::string> args{};
  std::optional<localization_params> params{};
  std::optional<std::string> localized{}; ///< in the language asked for by Accept-Language, if the server has it
  /// What to show a person: `localized`, else `default_message`, else the bare id. The peer's own words: they may hold
  /// anything, control characters too. A view of this message.
  [[nodiscard]] std::string_view text() const noexcept {
    if (localized && !localized->empty())
      return *localized;
    return default_message.empty() ? id : default_message;
  }
  friend bool operator==(localizable_message const&, localizable_message const&) = default;
};

/// Providers.SessionInfo: the synchronisation session in progress, or the last one.
struct session_info {
  open_enum<sync_stage> stage{};
  std::int64_t completed_work = 0; ///< unit undocumented: never assume percent
  std::int64_t total_work = 0;     ///< unit undocumented: never assume percent
  date_time start_time{};
  std::optional<date_time> completion_time{};     ///< a server sends it with COMPLETED and FAILED
  std::optional<localizable_message> exception{}; ///< a server sends it with FAILED
  friend bool operator==(session_info const&, session_info const&) = default;
};

/// Providers.Info: how the synchronisation of one provider stands.
struct sync_info {
  std::optional<date_time> last_sync_time{}; ///< when a sync was last started; absent: none was found
  open_enum<sync_status> status{};
  std::int64_t polling_interval_in_seconds = 0;
  std::optional<session_info> current_session_info{};
  std::optional<localizable_message> status_message{};
  friend bool operator==(sync_info const&, sync_info const&) = default;
};

/// One element of `GET /api/hvc/links`.
struct link_summary {
  std::string link{};
  std::string display_name{};
  friend bool operator==(link_summary const&, link_summary const&) = default;
};

/// What `GET /api/hvc/links/{link}` answers.
struct link_health {
  std::optional<open_enum<hvc::health_status>> connection_health_status{};
  std::optional<localizable_message> health_status_message{}; ///< a server sends it with UNHEALTHY
  friend bool operator==(link_health const&, link_health const&) = default;
};

/// One element of `GET /api/hvc/links/{link}/sync/providers`.
struct provider_summary {
  std::string provider{};
  friend bool operator==(provider_summary const&, provider_summary const&) = default;
};

} // namespace hvc
