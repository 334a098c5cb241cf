-- expect: limit "steps"
-- A cell that writes the rows of its own table, again and again.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.text(text, out)
  local t = news.within(text, "table")
  if t and not out.options.inside then
    out.options.inside = true
    local before = setmetatable({}, { __index = function() return "" end })
    while true do out:cells(t.children, before, "") end
  end
end
return f
