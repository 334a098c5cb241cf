-- The text of an issue as format=flowed, behind a line with its media type.
local news = require "news"

local flowed = news.format { name = "flowed", edition = "text", escape = "none", fill = false,
  options = { columns = "72", style = "setext", date = "" } }

function flowed.issue(issue, out)
  local columns = out.options.columns
  local text, media = issue:render("text", {
    flowed = true, style = out.options.style, width = tonumber(columns) or columns,
  })
  out:raw(media, "\n", text)
end

return flowed
