-- expect: script "call it as pairs does"
-- The functions behind pairs, called with what is not theirs.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local step = pairs(issue)
  step(out)
end
return f
