// What nearly every source of the pure layers includes, compiled once.
#include <hvc/error.hpp>
#include <hvc/options.hpp>
#include <hvc/result.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
