local news = require "news"
local email = news.format { name = "email", extends = "email" }

-- By way of a service that counts.
function email.link(link, out)
  out:tag("a", { href = "https://count.example/?to=" .. link.url }, link.children)
end

return email
