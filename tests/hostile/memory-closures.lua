-- expect: limit "memory"
-- Functions that hold one another.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local f
  while true do
    local g = f
    f = function() return g end
  end
end
return f
