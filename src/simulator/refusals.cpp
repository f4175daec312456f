// Replies sent instead of an answer: the operation is not carried out.
#include "faults.hpp"

#include "standard_replies.hpp"

#include <array>

namespace hvc::simulation {
namespace {

canned_reply text(int status, std::string body) { return canned_reply(status, std::move(body), "text/plain"); }

canned_reply html(int status) {
  return canned_reply(status, "<html><head><title>Sorry</title></head><body>The server is not ready.</body></html>",
                      "text/html; charset=utf-8");
}

canned_reply no_healthy_upstream() { return text(503, "no healthy upstream"); }

canned_reply with_retry_after(canned_reply r, std::string value) {
  r.fields.emplace_back("retry-after", std::move(value));
  return r;
}

canned_reply standard(error_type type, std::string_view id, std::string_view why) {
  return reply_with(make_error(type, message(id, why)));
}

} // namespace

std::span<fault const> refusals() noexcept {
  static constexpr std::array table{
      fault{"503", "R1 J18", "503 in plain text: no healthy upstream", +[] { return no_healthy_upstream(); }},
      fault{"503-upstream", "", "503 in plain text: upstream connect error",
            +[] {
              return text(503, "upstream connect error or disconnect/reset before headers. reset reason: "
                               "connection failure");
            }},
      fault{"503-standard", "", "503 with the standard error SERVICE_UNAVAILABLE",
            +[] {
              return standard(error_type::service_unavailable, "com.vmware.vapi.endpoint.unavailable",
                              "The service is not available.");
            }},
      fault{"503-retry-after", "R2", "503 with retry-after: 2",
            +[] { return with_retry_after(no_healthy_upstream(), "2"); }},
      fault{"503-retry-after-date", "R3", "503 with a retry-after of the past",
            +[] { return with_retry_after(no_healthy_upstream(), "Sun, 06 Nov 1994 08:49:37 GMT"); }},
      fault{"503-retry-after-absurd", "R4", "503 with retry-after: 1000000000000",
            +[] { return with_retry_after(no_healthy_upstream(), "1000000000000"); }},
      fault{"429", "R5", "429 in plain text", +[] { return text(429, "local_rate_limited"); }},
      fault{"429-retry-after", "", "429 with retry-after: 1",
            +[] { return with_retry_after(text(429, "local_rate_limited"), "1"); }},
      fault{"502", "R6", "502 with a page of HTML", +[] { return html(502); }},
      fault{"504", "", "504 in plain text", +[] { return text(504, "upstream request timeout"); }},
      fault{"408", "", "408 in plain text", +[] { return text(408, "stream timeout"); }},
      fault{"500", "R7", "500 with the standard error INTERNAL_SERVER_ERROR: not to be retried",
            +[] {
              return standard(error_type::internal_server_error, "com.vmware.vapi.std.errors.internal_server_error",
                              "Something went wrong.");
            }},
      fault{"500-busy", "", "500 with the standard error RESOURCE_BUSY: to be retried",
            +[] {
              return standard(error_type::resource_busy, "com.vmware.vapi.std.errors.resource_busy",
                              "The link is busy.");
            }},
      fault{"401", "S1", "401, although the session lives", +[] { return unauthenticated(); }},
      fault{"403", "S7", "403 with the standard error UNAUTHORIZED",
            +[] {
              return standard(error_type::unauthorized, "com.vmware.vapi.std.errors.unauthorized",
                              "The user lacks a privilege.");
            }},
      fault{"404-route", "", "404 as of a server that lacks the operation", +[] { return route_unknown(); }},
      fault{"404-empty", "H35", "404 with no body", +[] { return canned_reply(404, "", ""); }},
      fault{"unknown-error", "J20", "500 with an error type of the future",
            +[] { return canned_reply(500, R"({"error_type":"ON_STRIKE","messages":[]})"); }},
      fault{"redirect", "H34", "302 to another host",
            +[] {
              auto r = canned_reply(302, "", "");
              r.fields.emplace_back("location", "https://elsewhere.invalid/");
              return r;
            }},
      fault{"html", "", "200 with a page of HTML", +[] { return html(200); }},
      fault{"empty", "J1", "200 with an empty body", +[] { return canned_reply(200, ""); }},
      fault{"no-content", "H22", "204", +[] { return canned_reply(204, "", ""); }},
      fault{"wrapped", "J21", "200 with the wrapper of the old /rest",
            +[] { return canned_reply(200, R"({"value":{}})"); }},
  };
  return table;
}

} // namespace hvc::simulation
