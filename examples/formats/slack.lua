-- slack.lua: a message for Slack, in its "mrkdwn":
--   news render issue.md -s slack.lua -f slack
-- Emphasis, strikethrough, quotes and lists are those of plain text; the rest is a line each.
local news = require "news"
local words = require "news.words"

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }

local slack = news.format {
  name = "slack", extends = "text",
  edition = "web",                     -- one message for all, not one for each
  escape = function(s) return (s:gsub("[&<>]", entities)) end,
  width = false,                       -- Slack breaks the lines
  links = "off",                       -- every link carries its address
}

slack.heading = "*{{ text }}*"
slack.item = "• \t{{ children }}"
slack.ordered_item = "{{ children }}"
slack.list_item = "• \t{{ children }}"
slack.link = "<{{ url }}|{{ children }}>"
slack.blank_link = "<{{ url }}>"
slack.thematic_break = "———"

function slack.issue(issue, out)
  if issue.title then out:raw("*")(issue.title):raw("*"):blank() end
  out(issue.children, issue.notes)
  local english = words.is_english(issue)
  local credits = words.credits(issue.credits, english)
  if credits then out:blank()(credits):blank() end
  if issue.url then
    out:blank():raw("<"):url(issue.url):raw("|")(english and "Read on the web" or issue.url):raw(">")
  end
end

-- A link cannot stand inside another.
function slack.image(image, out)
  if image.parent.kind == "link" then
    out(image.alt)
  elseif image.alt ~= "" then
    out:raw("<"):url(image.src):raw("|")(image.alt):raw(">")
  end
end

function slack.code_block(block, out)
  out:verbatim("```\n" .. block.literal:gsub("[&<>]", entities) .. "```")
end

function slack.table(t, out)
  out:verbatim("```\n" .. out:capture(function() out:super(t) end) .. "\n```")
end

return slack
