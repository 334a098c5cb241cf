-- expect: script "C stack overflow"
-- Five thousand tables, each called by calling the next.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = function() end
  for _ = 1, 5000 do t = setmetatable({}, { __call = t }) end
  t()
end
return f
