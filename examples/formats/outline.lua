-- outline.lua: what is in an issue, as JSON, for a search index, an archive page or a link log:
--   news render issue.md -s outline.lua -f outline | jq '.sections[].items[].url'
local news = require "news"

local outline = news.format {
  name = "outline",
  media = "application/json", extension = "json",
  escape = "none", fill = false,
}

-- The fields of these nodes that are there, by name.
local function pick(nodes, fields)
  local all = {}
  for i, node in ipairs(nodes) do
    all[i] = {}
    for _, field in ipairs(fields) do all[i][field] = node[field] end
  end
  return #all > 0 and all or nil
end

function outline.issue(issue, out)
  local sections = pick(issue.sections, { "id", "title", "class" })
  for i, section in ipairs(issue.sections) do
    sections[i].items = pick(section.items, { "title", "url", "host", "icon", "source" })
    sections[i].links = pick(section.links, { "text", "url", "target" })
  end
  out:raw(news.json {
    publication = issue.publication and issue.publication.name, edition = issue.edition,
    title = issue.title, number = issue.number, url = issue.url, summary = issue.summary,
    date = issue.date and tostring(issue.date), lang = issue.lang,
    words = issue.words, minutes = issue.reading_minutes, sections = sections,
  }, "\n")
end

return outline
