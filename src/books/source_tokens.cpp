#include "books/source_tokens.h"

#include <algorithm>

#include "base/json.h"

namespace partake::books {
namespace {

bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
}

}  // namespace

Result<SourceTokens> SourceTokens::parse(std::string_view text, const std::string& file) {
  SourceTokens tokens;
  for (std::uint32_t line = 1; !text.empty(); ++line) {
    auto entry = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
    if (entry.ends_with('\r')) entry.remove_suffix(1);
    if (entry.empty()) continue;
    // A name may have spaces; a token has none.
    const auto space = entry.rfind(' ');
    const bool shaped =
        space != std::string_view::npos && space > 0 && space + 1 < entry.size() && is_plain(entry);
    const auto problem = [&](const char* code) {
      return fail(ErrorKind::invalid, code, {{"file", file}, {"line", std::to_string(line)}});
    };
    if (!shaped) return problem("tokens.malformed");
    const auto source = entry.substr(0, space);
    if (tokens.of(source) != nullptr) return problem("tokens.twice");
    tokens.tokens_.emplace_back(source, entry.substr(space + 1));
  }
  return tokens;
}

void SourceTokens::set(const std::string& source, const std::string& token) {
  for (auto& entry : tokens_) {
    if (entry.first != source) continue;
    entry.second = token;
    return;
  }
  tokens_.emplace_back(source, token);
}

std::string SourceTokens::text() const {
  std::string text;
  for (const auto& [source, token] : tokens_) {
    text += source;
    text += ' ';
    text += token;
    text += '\n';
  }
  return text;
}

const std::string* SourceTokens::of(std::string_view source) const {
  const auto found = std::find_if(tokens_.begin(), tokens_.end(),
                                  [&](const auto& entry) { return entry.first == source; });
  return found == tokens_.end() ? nullptr : &found->second;
}

SourceAccess::SourceAccess(const Rulebook& rulebook, const SourceTokens& tokens)
    : rulebook_{rulebook} {
  for (const auto& source : rulebook.sources) {
    const auto* token = tokens.of(source.name);
    if (source.key_hash == Hash{}) {
      states_.push_back(State::no_token);
    } else if (token == nullptr) {
      states_.push_back(State::not_presented);
    } else {
      states_.push_back(same_secret(sha256(*token), source.key_hash) ? State::proven
                                                                     : State::wrong);
    }
  }
}

void SourceAccess::check(EventBatch& batch) const {
  for (std::size_t place = 0; place < batch.count; ++place) {
    auto& read = batch.slots[place];
    if (!read.is_good) continue;
    auto proven = check(read.event.stream);
    if (proven) continue;
    const auto& source = rulebook_.streams[read.event.stream].source;
    if (place < batch.proven.size() && batch.proven[place] == source) continue;
    refuse(read, std::move(proven).error());
  }
}

Status SourceAccess::check(StreamNumber number) const {
  const auto& stream = rulebook_.streams[number];
  const auto state = states_[stream.source_number];
  if (state == State::no_token || state == State::proven) return {};
  const auto* code = state == State::wrong ? "event.wrong_token" : "event.source_not_authenticated";
  return fail(ErrorKind::unauthorized, code, {{"source", stream.source}});
}

std::string SourceAccess::proven_source(std::string_view document) const {
  const auto json = parse_json(document);
  const auto* member = json ? json->find("source") : nullptr;
  const auto* name = member == nullptr ? nullptr : member->string();
  const auto* source = name == nullptr ? nullptr : rulebook_.source(*name);
  if (source == nullptr) return {};
  const auto number = static_cast<std::size_t>(source - rulebook_.sources.data());
  return states_[number] == State::proven ? *name : std::string{};
}

}  // namespace partake::books
