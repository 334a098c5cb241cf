-- expect: limit "steps"
-- An iterator that never says nil.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  for _ in function() return 1 end do end
end
return f
