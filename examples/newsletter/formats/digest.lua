-- digest.lua: the letter in a few lines, for the readers' chat room:
--   news render -f digest issues/2025-03-07.md
-- What it is about, when to be where, what to read. Events stand in the letter between colons; see
-- any issue for how.
local news = require "news"

local digest = news.format {
  name = "digest", extends = "text", edition = "web",
  width = false, links = "off", -- the chat breaks the lines, and shows an address as it is
}

-- Where the events are, whatever else they stand in.
local function events(nodes, found)
  for _, node in ipairs(nodes) do
    if node.kind == "directive" and node.name == "event" then found[#found + 1] = node end
    events(node.children, found)
  end
  return found
end

local function write_event(event, out)
  local about = event.attrs
  out("📅 ", event.args[1], ": ", about.date, ", ", about.time, ", ", about.place):cr()
end

local function write_item(item, out)
  out(item.icon or "•", " ", item.title):cr()
  out:url(item.url):cr()
end

function digest.issue(issue, out)
  out("*", issue.title, "*"):cr()
  if issue.summary then out(issue.summary):cr() end
  out:url(issue.url):blank()
  for _, event in ipairs(events(issue.children, {})) do write_event(event, out) end
  out:blank()
  for _, item in ipairs(issue.items) do write_item(item, out) end
end

return digest
