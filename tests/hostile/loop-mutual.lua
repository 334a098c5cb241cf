-- expect: limit "steps"
-- Two functions that call each other without end.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local even, odd
  function even(n) return odd(n + 1) end
  function odd(n) return even(n + 1) end
  even(0)
end
return f
