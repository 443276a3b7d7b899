// partake export: records of the books into a folder, to be checked elsewhere; or units with serial
// numbers, in the shape of others.
#include "books/export.h"
#include "books/unit_shapes.h"
#include "cli/books_session.h"
#include "cli/commands.h"
#include "storage/real_disk.h"

namespace partake::cli {
namespace {

// What is missing and what the shape cannot hold, to lie beside the files.
std::string notes_text(const books::ShapedUnits& shaped, Language language) {
  std::string text = "# " + say(language, "units.notes") + "\n";
  if (!shaped.missing.empty()) text += "\n" + say(language, "units.notes.missing") + "\n\n";
  for (const auto& field : shaped.missing) text += "- `" + field + "`\n";
  text += "\n" + say(language, "units.notes.not_held") + "\n\n";
  for (const auto& [key, args] : shaped.notes) text += "- " + say(language, key, args) + "\n";
  return text;
}

int export_units(const Context& context, const ExportArguments& arguments) {
  const auto shape = *books::unit_shape_of(arguments.units);
  Problems problems;
  const auto file = intake::read_toml_file(arguments.details, problems);
  books::UnitDetails details;
  if (file) details = books::read_unit_details(*file, shape, problems);
  if (!problems.empty()) return context.refuse(problems);
  auto session = open_books(context, arguments.folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  const auto run = [&]() -> Status {
    TRY(const auto fates, books::unit_fates(*session->directory));
    TRY(const auto shaped, books::shape_units(*session->directory, fates, shape, details));
    TRY(const auto target, storage::make_disk(arguments.target));
    if (target->exists("proof.json")) return fail(ErrorKind::conflict, "export.exists");
    for (const auto& [name, content] : shaped.files) {
      CHECK_OK(storage::replace_file(*target, name, content));
    }
    CHECK_OK(storage::replace_file(*target, "notes.en.md", notes_text(shaped, Language::en)));
    CHECK_OK(storage::replace_file(*target, "notes.zh.md", notes_text(shaped, Language::zh)));
    if (context.json) {
      Json::Array missing;
      for (const auto& field : shaped.missing) missing.emplace_back(field);
      context.print(Json::Object{{"folder", arguments.target},
                                 {"rows", Json::integer(static_cast<std::int64_t>(shaped.rows))},
                                 {"units", Json::integer(static_cast<std::int64_t>(shaped.units))},
                                 {"missing", std::move(missing)}});
    } else {
      context.say_line("units.exported", {{"folder", arguments.target},
                                          {"units", grouped(std::to_string(shaped.units))},
                                          {"rows", grouped(std::to_string(shaped.rows))}});
      for (const auto& field : shaped.missing) {
        context.say_line("units.missing", {{"field", field}});
      }
    }
    return {};
  };
  const auto status = run();
  return status ? 0 : context.refuse(status.error());
}

}  // namespace

int export_books(const Context& context, const ExportArguments& arguments) {
  if (!arguments.units.empty()) return export_units(context, arguments);
  auto session = open_books(context, arguments.folder, journal::Mode::read);
  if (!session) return context.refuse(session.error());
  const auto run = [&]() -> Status {
    books::ExportSelection selection;
    if (!arguments.programme.empty()) selection.programme = arguments.programme;
    if (!arguments.account.empty()) {
      TRY(selection.account, session->books().account(arguments.account));
    }
    if (!arguments.since.empty()) {
      TRY(selection.since, parse_day(arguments.since));
    }
    TRY(const auto target, storage::make_disk(arguments.target));
    books::ExportCounts counts;
    {
      ProgressLine progress{context};
      TRY(counts, books::write_export(*session->directory, *target, selection,
                                      [&](std::uint64_t block, std::uint64_t of) {
                                        progress.show("books.progress.export",
                                                      {{"block", grouped(std::to_string(block))},
                                                       {"of", grouped(std::to_string(of))}});
                                      }));
    }
    const auto whole = [](std::uint64_t value) {
      return Json::integer(static_cast<std::int64_t>(value));
    };
    if (context.json) {
      context.print(Json::Object{{"folder", arguments.target},
                                 {"blocks", whole(counts.blocks)},
                                 {"given", whole(counts.given)},
                                 {"events", whole(counts.events)},
                                 {"accounts", whole(counts.accounts)}});
    } else {
      context.say_line("books.exported", {{"folder", arguments.target},
                                          {"given", grouped(std::to_string(counts.given))},
                                          {"events", grouped(std::to_string(counts.events))},
                                          {"accounts", grouped(std::to_string(counts.accounts))}});
    }
    return {};
  };
  const auto status = run();
  return status ? 0 : context.refuse(status.error());
}

}  // namespace partake::cli
