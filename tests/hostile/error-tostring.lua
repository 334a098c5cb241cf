-- expect: script 6 "an error that is table"
-- An error that would loop when asked what it is.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  error(setmetatable({}, { __tostring = function() while true do end end }))
end
return f
