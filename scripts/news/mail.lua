-- mail.lua: addresses in mail, which has no place of its own from which they could be relative.
local mail = {}

-- A path without "." and "..".
local function plain_path(path)
  local segments, last = {}, ""
  for segment in path:gmatch("[^/]*") do
    last = segment
    if segment == ".." then
      table.remove(segments)
    elseif segment ~= "." and segment ~= "" then
      segments[#segments + 1] = segment
    end
  end
  local folder = last == "" or last == "." or last == ".."
  return "/" .. table.concat(segments, "/") .. (folder and segments[1] and "/" or "")
end

function mail.is_relative(address)
  return not address:match("^%a[%w+.-]*:") and address:sub(1, 2) ~= "//"
end

-- A relative address as seen from the page `base`; unchanged when that is no whole address.
function mail.absolute(address, base)
  local scheme, host, path = (base or ""):match("^(https?:)(//[^/?#]+)([^?#]*)")
  if not scheme or address:match("^%a[%w+.-]*:") then return address end
  if address:sub(1, 2) == "//" then return scheme .. address end
  local own, rest = address:match("^([^?#]*)(.*)$")
  if own == "" then return scheme .. host .. path .. rest end
  if own:sub(1, 1) ~= "/" then own = (path:match("^.*/") or "/") .. own end
  return scheme .. host .. plain_path(own) .. rest
end

-- Whether an image travels with the mail when images do: a file beside the issue does. One that lies
-- on the web stays there, and so does one whose path begins at the root of the site.
function mail.is_attached(address)
  return mail.is_relative(address) and address:sub(1, 1) ~= "/"
end

-- Which of the files that an issue is made of an image stands in; its address is seen from there.
local function part_of(image)
  local block, holder = image, image.parent
  while holder and holder.kind ~= "publication" do block, holder = holder, holder.parent end
  if not holder then return "" end
  for _, other in ipairs(holder.masthead) do
    if other == block then return "masthead " end
  end
  return "footer "
end

-- The Content-ID of an attached image, without angle brackets: the same for the same file, in every
-- message (FNV-1a).
function mail.content_id(image)
  local hash, name = 0xcbf29ce484222325, part_of(image) .. image.src
  for i = 1, #name do hash = (hash ~ name:byte(i)) * 0x100000001b3 end
  return ("%016x@newsletter"):format(hash)
end

return mail
