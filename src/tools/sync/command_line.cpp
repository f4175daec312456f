#include "command_line.hpp"

#include "usage_error.hpp"

#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>

namespace hvc::tools {

namespace {

namespace po = boost::program_options;

constexpr auto rest = "rest";          // the name under which the parser files what is no flag
constexpr auto misplaced = "password"; // known only to be refused with a reason
constexpr auto header = "header";      // the one flag that may be repeated

po::options_description all_flags() {
  po::options_description d;
  auto const text = [] { return po::value<std::string>(); };
  d.add_options()                                 //
      ("server,s", text(), "")                    //
      ("ca-file", text(), "")                     //
      ("pin-sha256", text(), "")                  //
      ("insecure,k", "")                          //
      ("cert", text(), "")                        //
      ("key", text(), "")                         //
      ("user,u", text(), "")                      //
      ("password-file", text(), "")               //
      ("session-token-file", text(), "")          //
      ("no-auth", "")                             //
      ("session-cache", text(), "")               //
      ("timeout,t", text(), "")                   //
      ("attempts", text(), "")                    //
      (header, text(), "")                        //
      ("warning,w", text(), "")                   //
      ("critical,c", text(), "")                  //
      ("all", "")                                 //
      ("config", text(), "")                      //
      ("rate", text(), "")                        //
      ("concurrency", text(), "")                 //
      ("html", text(), "")                        //
      ("interval", text(), "")                    //
      ("newer-than", text(), "")                  //
      ("output,o", text(), "")                    //
      ("color", text(), "")                       //
      ("verbose,v", "")                           //
      ("help,h", "")                              //
      ("version,V", "")                           //
      (misplaced, text()->implicit_value(""), "") //
      (rest, po::value<std::vector<std::string>>(), "");
  return d;
}

po::parsed_options parse(std::vector<std::string> const& arguments, po::options_description const& flags) {
  // Abbreviations would make every new flag a change of meaning for somebody's script.
  constexpr int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  po::positional_options_description positional;
  positional.add(rest, -1);
  try {
    return po::command_line_parser(arguments).options(flags).positional(positional).style(style).run();
  } catch (po::unknown_option const& e) {
    std::string const name = e.get_option_name();
    // Not the value: it may be a password behind a misspelt flag.
    throw usage_error("unknown flag " + name.substr(0, name.find('=')));
  } catch (po::error const& e) {
    throw usage_error(e.what());
  }
}

} // namespace

command_line::command_line(std::vector<std::string> const& arguments) {
  po::options_description const known = all_flags();
  for (po::option const& o : parse(arguments, known).options) {
    if (o.string_key == misplaced)
      throw usage_error("a password on the command line can be read by every user of this machine: give it with "
                        "--password-file FILE (or - for standard input), or in HVC_PASSWORD");
    if (o.string_key == rest) {
      words_.insert(words_.end(), o.value.begin(), o.value.end());
      continue;
    }
    // "--server --ca-file f": the shell found nothing in a variable. A value of such a look is given behind a '='.
    if (o.original_tokens.size() > 1 && o.original_tokens[1].starts_with("--"))
      throw usage_error("--" + o.string_key + " has no value");
    if (!o.value.empty() && o.value.front().empty()) // nor where it was quoted
      throw usage_error("--" + o.string_key + " has no value");
    auto& values = flags_[o.string_key];
    if (!values.empty() && o.string_key != header)
      throw usage_error("--" + o.string_key + " is given twice");
    values.insert(values.end(), o.value.begin(), o.value.end());
  }
}

std::vector<std::string> command_line::given() const {
  std::vector<std::string> names;
  for (auto const& [name, values] : flags_)
    names.push_back(name);
  return names;
}

std::optional<std::string> command_line::value(std::string_view flag) const {
  auto const found = flags_.find(flag);
  if (found == flags_.end() || found->second.empty())
    return std::nullopt;
  return found->second.front();
}

std::vector<std::string> command_line::values(std::string_view flag) const {
  auto const found = flags_.find(flag);
  return found == flags_.end() ? std::vector<std::string>() : found->second;
}

std::vector<std::string> command_line::known_flags() {
  std::vector<std::string> names;
  po::options_description const known = all_flags();
  for (auto const& o : known.options())
    if (o->long_name() != rest && o->long_name() != misplaced)
      names.push_back(o->long_name());
  return names;
}

} // namespace hvc::tools
