-- expect: script 6 "must return a string"
-- A __tostring that does not.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  tostring(setmetatable({}, { __tostring = function() return {} end }))
end
return f
