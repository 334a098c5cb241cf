-- expect: ok "same"
-- Chance is the same in every render, and has no other source.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  math.randomseed(7)
  local a = math.random(1000000)
  math.randomseed(7)
  if a ~= math.random(1000000) or pcall(math.randomseed) then error("other") end
  out("same")
end
return f
