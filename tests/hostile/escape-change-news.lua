-- expect: ok "changed"
-- So it is with the modules.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local words = require "news.words"
  for name in pairs(words) do words[name] = nil end
  for name in pairs(news) do news[name] = nil end
  out("changed")
end
return f
