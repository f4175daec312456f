// The bodies of the page "Get Link Provider Sync", as its reader sees them.
#pragma once

namespace hvc::test {

// Of 403, 404, 500 and default alike, to the letter.
inline constexpr auto page_error = R"({
    "messages": [
        {
            "id": "string",
            "default_message": "string",
            "args": [
                "string"
            ],
            "params": {
                "params": {
                    "s": "string",
                    "dt": "string",
                    "i": 0,
                    "d": "number",
                    "l": {
                        "id": "string",
                        "params": {
                            "params": "Std_LocalizationParam Object"
                        }
                    },
                    "format": "string",
                    "precision": 0
                }
            },
            "localized": "string"
        }
    ],
    "data": {},
    "error_type": "string"
})";

// Of 200, with values where the page names types.
inline constexpr auto page_info = R"({
    "last_sync_time": "2026-03-14T09:26:53.589Z",
    "status": "FAILED",
    "polling_interval_in_seconds": 300,
    "current_session_info": {
        "stage": "FAILED",
        "completed_work": 0,
        "total_work": 0,
        "completion_time": "2026-03-14T09:27:00.000Z",
        "start_time": "2026-03-14T09:26:53.589Z",
        "exception": {
            "id": "string",
            "default_message": "string",
            "args": [
                "string"
            ],
            "params": {
                "params": {
                    "s": "string",
                    "dt": "2026-03-14T09:26:53.589Z",
                    "i": 0,
                    "d": 1.5,
                    "l": {
                        "id": "string",
                        "params": {
                            "params": { "s": "string" }
                        }
                    },
                    "format": "SHORT_DATE_TIME",
                    "precision": 0
                }
            },
            "localized": "string"
        }
    },
    "status_message": {
        "id": "string",
        "default_message": "string",
        "args": [
            "string"
        ],
        "params": {
            "params": {
                "s": "string",
                "dt": "2026-03-14T09:26:53.589Z",
                "i": 0,
                "d": 1.5,
                "l": {
                    "id": "string",
                    "params": {
                        "params": { "s": "string" }
                    }
                },
                "format": "SHORT_DATE_TIME",
                "precision": 0
            }
        },
        "localized": "string"
    }
})";

} // namespace hvc::test
