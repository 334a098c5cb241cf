-- expect: script "renders this node inside itself"
--|| a | b |
--||---|---|
--|| c | d |
-- A cell that writes the rows of its own table.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.text(text, out)
  local t = news.within(text, "table")
  if t then out:cells(t.rows, { "", "" }, "") else out(text.literal) end
end
return f
