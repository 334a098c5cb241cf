-- page.lua: what the web page and the HTML mail have in common.
local colour = require "news.colour"
local words = require "news.words"

local page = {}

local right_to_left = {
  ar = true, ckb = true, dv = true, fa = true, he = true, ks = true, ps = true, sd = true,
  ug = true, ur = true, yi = true,
}

local function direction(language)
  return right_to_left[language and language:lower():match("^%a*")] and "rtl" or "ltr"
end

-- The language of masthead and footer, where it is not the issue's.
local function other_language(publication, language)
  local own = publication and publication.lang
  if not own or language and own:lower() == language:lower() then return nil end
  return { lang = own, dir = publication.dir or direction(own) }
end

-- The colours of links, on the darkest light ground and on the lightest dark one.
local function link_colours(publication)
  local accent = publication and publication.theme and publication.theme.accent
  if not accent then return { light = "#8b1e1a", dark = "#f0a493" } end
  return { light = colour.readable(accent, "#f4f1e9"), dark = colour.readable(accent, "#25231e") }
end

-- A figure says itself whose it is.
local function other_credits(issue)
  local images = {}
  for _, image in ipairs(issue.credits) do
    local parent = image.parent
    if parent.kind == "link" then parent = parent.parent end
    if parent.kind ~= "figure" then images[#images + 1] = image end
  end
  return images
end

-- What the layouts of both are given.
function page.names(issue)
  local language, publication, english = words.language(issue), issue.publication, words.is_english(issue)
  return {
    title = issue.title or issue.slug or "Newsletter",
    language = language or "", english = english, words = words,
    dir = issue.dir or publication and publication.dir or direction(language),
    other = other_language(publication, language),
    credits = words.credits(other_credits(issue), english),
    colours = link_colours(publication),
  }
end

-- Ids of sections hold letters, digits and hyphens; so with an underscore these are none of theirs.
function page.note_id(id) return "note_" .. id end
function page.ref_id(ref)
  return "ref" .. (ref.index > 1 and ref.index or "") .. "_" .. ref.id
end

-- Where the note is spoken of, from behind its last word. `link` writes a link with these attributes.
function page.back_links(note, out, link)
  local english = words.is_english(words.issue_of(note))
  for i, ref in ipairs(note.refs) do
    local label = (english and "Back to reference " or "↩ ") .. note.number .. (i > 1 and "." .. i or "")
    if i > 1 then out(" ") end
    link({ href = "#" .. page.ref_id(ref), role = "doc-backlink", ["aria-label"] = label }, "↩\u{FE0E}")
  end
end

return page
