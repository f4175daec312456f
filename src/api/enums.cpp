// The names of the API's enumerations, in the order of their constants.
#include <hvc/model.hpp>

#include <array>

namespace hvc {
namespace {

// The first constant of each is `unknown`, which has no name.
constexpr std::array<std::string_view, 4> status_names = {"", "SUCCEEDED", "FAILED", "NO_SYNC_FOUND"};

constexpr std::array<std::string_view, 7> sync_stage_names = {
    "", "CHANGE_DETECTION", "CHANGE_ENUMERATION", "CHANGE_APPLICATION", "COMPLETED", "FAILED", "WAITING"};

constexpr std::array<std::string_view, 3> health_names = {"", "HEALTHY", "UNHEALTHY"};

constexpr std::array<std::string_view, 13> format_names = {
    "",          "SHORT_DATE", "MED_DATE",        "LONG_DATE",     "FULL_DATE",      "SHORT_TIME",    "MED_TIME",
    "LONG_TIME", "FULL_TIME",  "SHORT_DATE_TIME", "MED_DATE_TIME", "LONG_DATE_TIME", "FULL_DATE_TIME"};

constexpr std::array<std::string_view, 26> error_names = {"",
                                                          "ERROR",
                                                          "ALREADY_EXISTS",
                                                          "ALREADY_IN_DESIRED_STATE",
                                                          "CANCELED",
                                                          "CONCURRENT_CHANGE",
                                                          "FEATURE_IN_USE",
                                                          "INTERNAL_SERVER_ERROR",
                                                          "INVALID_ARGUMENT",
                                                          "INVALID_ELEMENT_CONFIGURATION",
                                                          "INVALID_ELEMENT_TYPE",
                                                          "INVALID_REQUEST",
                                                          "NOT_ALLOWED_IN_CURRENT_STATE",
                                                          "NOT_FOUND",
                                                          "OPERATION_NOT_FOUND",
                                                          "RESOURCE_BUSY",
                                                          "RESOURCE_IN_USE",
                                                          "RESOURCE_INACCESSIBLE",
                                                          "SERVICE_UNAVAILABLE",
                                                          "TIMED_OUT",
                                                          "UNABLE_TO_ALLOCATE_RESOURCE",
                                                          "UNAUTHENTICATED",
                                                          "UNAUTHORIZED",
                                                          "UNEXPECTED_INPUT",
                                                          "UNSUPPORTED",
                                                          "UNVERIFIED_PEER"};

template <class E, std::size_t N>
E constant_named(std::array<std::string_view, N> const& names, std::string_view name) noexcept {
  for (std::size_t i = 1; i < N; ++i)
    if (names[i] == name)
      return static_cast<E>(i);
  return E::unknown;
}

template <class E, std::size_t N>
std::string_view name_of(std::array<std::string_view, N> const& names, E constant) noexcept {
  auto const i = static_cast<std::size_t>(constant);
  return i < N ? names[i] : std::string_view();
}

} // namespace

sync_status enum_names<sync_status>::find(std::string_view name) noexcept {
  return constant_named<sync_status>(status_names, name);
}
std::string_view enum_names<sync_status>::name(sync_status value) noexcept { return name_of(status_names, value); }

sync_stage enum_names<sync_stage>::find(std::string_view name) noexcept {
  return constant_named<sync_stage>(sync_stage_names, name);
}
std::string_view enum_names<sync_stage>::name(sync_stage value) noexcept { return name_of(sync_stage_names, value); }

health_status enum_names<health_status>::find(std::string_view name) noexcept {
  return constant_named<health_status>(health_names, name);
}
std::string_view enum_names<health_status>::name(health_status value) noexcept { return name_of(health_names, value); }

date_time_format enum_names<date_time_format>::find(std::string_view name) noexcept {
  return constant_named<date_time_format>(format_names, name);
}
std::string_view enum_names<date_time_format>::name(date_time_format value) noexcept {
  return name_of(format_names, value);
}

error_type enum_names<error_type>::find(std::string_view name) noexcept {
  return constant_named<error_type>(error_names, name);
}
std::string_view enum_names<error_type>::name(error_type value) noexcept { return name_of(error_names, value); }

} // namespace hvc
