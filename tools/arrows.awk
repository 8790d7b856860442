# Prints every #include that points up or sideways. A part may include itself and what stands here.
BEGIN {
    may["main"] = " admin dialect contract http drive store content base "
    may["admin"] = " contract http drive store content base "
    may["dialect"] = " contract http drive content base " # no store: a dialect has no database
    may["contract"] = " http base "; may["http"] = " base "
    may["drive"] = " store content base "; may["store"] = " base "; may["content"] = " base "
    may["base"] = " "
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\""); n = split(FILENAME, from, "/"); parts = split(quoted[2], to, "/")
    if (parts == 1) to[1] = "main" # main is the files of src/ itself
    part = n > 2 ? from[2] : "main"
    down = (part == to[1]) || index(may[part], " " to[1] " ")
    if (part == "dialect" && quoted[2] == "store/records.h") down = 1 # the shapes that drive/ speaks in
    # Vendors stand side by side; all may use dialect/data, the signed upload and download endpoints.
    if (part == "dialect" && to[1] == "dialect" && n > 3 && to[2] != from[3] && to[2] != "data") down = 0
    if (!(part in may) || !down) { print FILENAME ":" FNR ": " $0; bad = 1 }
}
END { exit bad }
