// What a running command has at hand: a client, its arguments, and where its answer goes.
#pragma once

#include "exit_code.hpp"
#include "table.hpp"

#include <hvc/client.hpp>
#include <hvc/codec.hpp>

#include <string>
#include <vector>

namespace hvc::tools {

enum class output_format { table, json };

struct session {
  hvc::client& client;
  std::vector<std::string> const& arguments; // of the command, as many as it asks for
  hvc::call_options const& call;
  client_options const& options; // what the client was made of
  output_format format;
  canvas const& to;        // of standard output
  canvas const& errors_to; // of standard error

  /// Writes an answer, or why there is none; what to exit with. `as_table` makes the text for a person of the value.
  template <class T, class AsTable> [[nodiscard]] int report(result<T> const& answer, AsTable as_table) const {
    if (!answer)
      return report_error(answer.error());
    return write(format == output_format::json ? encode(*answer) + "\n" : as_table(*answer));
  }
  /// The same of an operation that answers nothing: `{}` for a program.
  [[nodiscard]] int report(result<void> const& answer, std::string const& done) const;

private:
  [[nodiscard]] int report_error(error const& e) const;
  [[nodiscard]] static int write(std::string const& text); // on standard output
};

} // namespace hvc::tools
