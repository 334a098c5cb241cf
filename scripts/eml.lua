-- eml.lua: a message that is ready to be sent, or opened in a mail program: the headers a newsletter
-- has, the plain text, and the HTML. Both parts are of one edition.
local news = require "news"
local address = require "news.mail"
local words = require "news.words"

local eml = news.format {
  name = "eml",
  media = "message/rfc822", extension = "eml",
  edition = "email", escape = "none", fill = false,
  -- To whom and when, where issue and publication do not say, or say otherwise; and what the parts
  -- may be told. Where nothing is chosen, news.yaml has the word.
  options = {
    to = "", date = "",
    format = { "", "flowed", "fixed" }, images = { "", "inline", "remote" }, style = { "", "setext", "ten" },
  },
}

-- What mail asks of a publication: an empty table where there is none.
local function mail_of(issue)
  return issue.publication and issue.publication.email or {}
end

-- An option of this render, or else what news.yaml has below `email`.
local function option(out, mail, name)
  local value = out.options[name]
  if value == "" then return mail[name] end
  return value
end

local media = {
  gif = "image/gif", jpeg = "image/jpeg", jpg = "image/jpeg", png = "image/png",
  svg = "image/svg+xml", webp = "image/webp",
}

local function add_images(images, nodes)
  for _, node in ipairs(nodes) do
    if node.kind == "image" then images[#images + 1] = node end
    add_images(images, node.children)
  end
end

local function images_of(issue)
  local images, publication = {}, issue.publication
  if publication then add_images(images, publication.masthead) end
  for _, image in ipairs(issue.images) do images[#images + 1] = image end
  if publication then add_images(images, publication.footer) end
  return images
end

local function media_of(image, name)
  local kind = media[(name:match("%.(%w+)$") or ""):lower()]
  if not kind then
    news.refuse(image, ("'%s' cannot travel with the mail: it is no gif, jpg, png, svg or webp"):format(name))
  end
  return kind
end

-- The pictures that travel with the message, each once.
local function pictures(issue)
  local files, seen = {}, {}
  for _, image in ipairs(images_of(issue)) do
    local source, id = image.src, address.content_id(image)
    if address.is_attached(source) and not seen[id] then
      local name = source:match("^[^?#]*"):match("[^/]*$")
      files[#files + 1] = {
        id = id, name = name, media = media_of(image, name),
        bytes = news.load(image),
      }
      seen[id] = true
    end
  end
  return files
end

-- The keys of news.yaml that headers are made of.
local keys = {
  From = "from", ["Reply-To"] = "reply_to", To = "to", ["List-Id"] = "list_id",
  ["List-Unsubscribe"] = "unsubscribe", ["List-Unsubscribe-Post"] = "one_click",
}

local function key_of(mail, header, message)
  if header == "List-Unsubscribe" and (not mail.unsubscribe or message:find("mailto:", 1, true)) then
    return "unsubscribe_mailto"
  end
  return keys[header]
end

-- Whoever has written a header's value is told what is wrong with it.
local function refuse(issue, out, header, message)
  local mail = mail_of(issue)
  local told, key = header and out.options[header:lower()], key_of(mail, header, message)
  if told and told ~= "" then
    news.refuse(nil, message)
  elseif key and mail[key] then
    news.refuse(mail, message, key)
  else
    news.refuse(issue, message)
  end
end

local function check(issue, mail, date)
  if not mail.from then
    news.refuse(issue, 'a message has a sender: write email: into news.yaml, and below it from: "The Lamp <post@lamp.example>"')
  end
  if not issue.subject then news.refuse(issue, "a message has a subject: give the issue a title") end
  if not issue.subject:find("%S") then news.refuse(issue, "a message has a subject, and that of this issue is empty") end
  if not date then
    news.refuse(issue, "a message has a date: write date: 2025-03-07 into the front matter, or say --date 2025-03-07")
  end
end

function eml.issue(issue, out)
  local mail = mail_of(issue)
  local date = out.options.date ~= "" and out.options.date or issue.date
  local flowed = option(out, mail, "format") ~= "fixed"
  local inline = out.options.images == "inline" or out.options.images == "" and mail.attach_images == "yes"
  check(issue, mail, date)
  local message = {
    from = mail.from, reply_to = mail.reply_to, to = option(out, mail, "to"),
    subject = issue.subject, date = date, list_id = mail.list_id,
    unsubscribe = issue.unsubscribe, unsubscribe_mailto = mail.unsubscribe_mailto,
    one_click = issue.unsubscribe ~= nil and mail.one_click ~= "no",
    headers = { ["Content-Language"] = words.language(issue), ["Archived-At"] = issue.url },
    alternatives = {
      { issue:render("text", { flowed = flowed }) },
      { issue:render("email", { images = inline and "inline" or "remote" }) },
    },
    files = inline and pictures(issue) or nil,
  }
  local fine, problem = pcall(out.message, out, message)
  if not fine then refuse(issue, out, problem:match("^([%a-]+): "), problem) end
end

return eml
