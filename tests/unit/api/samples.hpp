// Documents for the tests of this layer: a full Info, and the page's examples taken literally.
#pragma once

#include <string>
#include <string_view>

namespace samples {

// Every member of every structure.
inline constexpr std::string_view full_info = R"({"last_sync_time":"2026-03-14T09:26:53.589Z","status":"FAILED",)"
                                              R"("polling_interval_in_seconds":300,"current_session_info":{)"
                                              R"("stage":"FAILED","completed_work":1423,"total_work":2048,)"
                                              R"("start_time":"2026-03-14T09:26:11.020Z",)"
                                              R"("completion_time":"2026-03-14T09:26:53.589Z","exception":{)"
                                              R"("id":"some.id","default_message":"Words.","args":["a","b"],"params":{)"
                                              R"("p":{"s":"x","dt":"2026-03-14T09:26:53.589Z","i":7,"d":0.5,"l":{)"
                                              R"("id":"inner","params":{"q":{"i":-3}}},"format":"MED_DATE_TIME",)"
                                              R"("precision":2}},"localized":"Worte."}},"status_message":{)"
                                              R"("id":"other.id","default_message":"More.","args":["c"],)"
                                              R"("params":{},"localized":"Mehr."}})";

inline constexpr std::string_view minimal_info = R"({"status":"SUCCEEDED","polling_interval_in_seconds":60})";

// The page writes the type where a value would stand.
inline constexpr std::string_view page_message = R"({
        "id": "string", "default_message": "string", "args": ["string"],
        "params": {"params": {"s": "string", "dt": "string", "i": 0, "d": "number",
            "l": {"id": "string", "params": {"params": "Std_LocalizationParam Object"}},
            "format": "string", "precision": 0}},
        "localized": "string"})";

inline std::string page_info() {
  std::string const message(page_message);
  return R"({"last_sync_time": "string", "status": "string", "polling_interval_in_seconds": 0, "current_session_info": {
      "stage": "string", "completed_work": 0, "total_work": 0, "completion_time": "string", "start_time": "string",
      "exception": )" +
         message + R"(}, "status_message": )" + message + "}";
}

inline std::string page_error() {
  return R"({"messages": [)" + std::string(page_message) + R"(], "data": {}, "error_type": "string"})";
}

} // namespace samples
