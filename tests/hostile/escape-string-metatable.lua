-- expect: ok "locked"
-- The methods of strings are the same for all.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  if getmetatable("") ~= false then error("open") end
  if pcall(setmetatable, "", {}) then error("changed") end
  string.upper = function() return "mine" end
  if ("a"):upper() ~= "A" then error("shared") end
  out("locked")
end
return f
