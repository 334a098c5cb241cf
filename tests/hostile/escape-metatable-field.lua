-- expect: script 6 "protected"
-- Once protected, always.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  setmetatable(setmetatable({}, { __metatable = 1 }), {})
end
return f
