-- expect: limit "steps"
-- A cell that sets its own table in columns, again and again.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.text(text, out)
  local t = news.within(text, "table")
  if t then
    while true do out:longest_words(t) end
  end
end
return f
