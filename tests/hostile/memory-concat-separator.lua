-- expect: limit 7 "memory"
-- Nothing, a million times, with much in between.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = setmetatable({}, { __index = function() return "" end })
  local _ = table.concat(t, ("x"):rep(1000), 1, 1 << 20)
end
return f
