-- expect: script "overflow"
-- A function that writes itself.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function again() out(again) end
  out(again)
end
return f
