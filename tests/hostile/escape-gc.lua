-- expect: script 6 "__gc"
-- Finalizers run when nobody knows.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  setmetatable({}, { __gc = function() while true do end end })
end
return f
