// An error for a person: what happened, what caused it, and what may help.
#pragma once

#include <hvc/options.hpp>

#include <string>

namespace hvc::tools {

/// Whole lines, wrapped to `width` columns (0: not wrapped). `options` are those of the client, for hints that name
/// what was asked for.
[[nodiscard]] std::string error_text(error const& e, client_options const& options, std::size_t width);

/// The hint alone; empty if there is none worth giving.
[[nodiscard]] std::string hint_for(error const& e, client_options const& options);

/// Of a certificate that `given` refuses: what would make it trusted, or why nothing should.
[[nodiscard]] std::string trust_hint(error const& e, tls_options const& given);

} // namespace hvc::tools
