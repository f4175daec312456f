// Whether a soak went well, and its figures as text.
#pragma once

#include "figures.hpp"
#include "run.hpp"

#include <ostream>

namespace hvc::soak {

// How much later than its deadline a call may end.
constexpr std::chrono::milliseconds usual_tolerance{250};

// What is wrong with these figures, a line each; nothing if all is well.
[[nodiscard]] std::vector<std::string> complaints(figures const& f, settings const& s,
                                                  std::chrono::milliseconds tolerance);
// How often each fault was met, and each kind of error given.
void print_tables(std::ostream& out, figures const& f);
// One line of JSON.
void print_figures(std::ostream& out, figures const& f, settings const& s, bool well);

} // namespace hvc::soak
