-- expect: limit "memory"
-- Memory that is gone ends the script, caught or not.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do pcall(string.rep, "x", 1 << 30) end
end
return f
