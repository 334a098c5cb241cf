-- expect: limit "steps"
-- A pcall in a pcall in a pcall.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function go(n)
    while true do pcall(n > 0 and go or error, n - 1) end
  end
  go(20)
end
return f
