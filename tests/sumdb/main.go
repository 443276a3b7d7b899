// Audits a log that Partake wrote with the code of Go's checksum database, which knows nothing of
// Partake: golang.org/x/mod/sumdb. tests/sumdb_test.cpp builds and runs it.
//
//	sumdb LOG KEY [OLDER]
//
// LOG is the folder log/ of a journal, KEY its verifier key, OLDER a file with an earlier
// checkpoint. Prints what was checked; anything that does not fit ends it with exit code 1.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// C2SP tlog-tiles fixes the height; sumdb takes it as a parameter.
const tileHeight = 8

// Opens a checkpoint and reads the tree head from its text: origin, size, root. The parser of
// tlog wants the checksum database's own first line, so it is of no use here.
func openCheckpoint(path string, verifier note.Verifier) (tlog.Tree, error) {
	var tree tlog.Tree
	message, err := os.ReadFile(path)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return tree, fmt.Errorf("%s: %w", path, err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tree, fmt.Errorf("%s: not a checkpoint of %s", path, verifier.Name())
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, fmt.Errorf("%s: %w", path, err)
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tree, fmt.Errorf("%s: malformed root", path)
	}
	copy(tree.Hash[:], root)
	return tree, nil
}

// The tiles as C2SP tlog-tiles names them.
type tiles struct{ folder string }

func (t tiles) Height() int { return tileHeight }

// sumdb says tile/8/0/x001/067 and tile/8/data/067; C2SP leaves the height out and calls the
// bundles of entries "entries".
func (t tiles) path(tile tlog.Tile) string {
	parts := strings.SplitN(tile.Path(), "/", 4)
	level := parts[2]
	if level == "data" {
		level = "entries"
	}
	return filepath.Join(t.folder, "tile", level, filepath.FromSlash(parts[3]))
}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(t.path(tile))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s: %d bytes", t.path(tile), len(data))
		}
		all = append(all, data)
	}
	return all, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// A bundle: each entry behind its length in two bytes.
func (t tiles) entries(tile tlog.Tile) ([][]byte, error) {
	data, err := os.ReadFile(t.path(tile))
	if err != nil {
		return nil, err
	}
	var list [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s: cut off", t.path(tile))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		list = append(list, data[2:end])
		data = data[end:]
	}
	if len(list) != tile.W {
		return nil, fmt.Errorf("%s: %d entries", t.path(tile), len(list))
	}
	return list, nil
}

// The hashes of all entries, in order.
func (t tiles) leaves(tree tlog.Tree) ([]tlog.Hash, error) {
	var leaves []tlog.Hash
	for first := int64(0); first < tree.N; first += 1 << tileHeight {
		width := int64(1) << tileHeight
		if tree.N-first < width {
			width = tree.N - first
		}
		list, err := t.entries(tlog.Tile{H: tileHeight, L: -1, N: first >> tileHeight, W: int(width)})
		if err != nil {
			return nil, err
		}
		for _, entry := range list {
			leaves = append(leaves, tlog.RecordHash(entry))
		}
	}
	return leaves, nil
}

// The tree that the leaves make, without a look at any tile.
func computeRoot(leaves []tlog.Hash) (tlog.Hash, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var list []tlog.Hash
		for _, index := range indexes {
			list = append(list, stored[index])
		}
		return list, nil
	})
	for number, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(int64(number), leaf, reader)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, hashes...)
	}
	return tlog.TreeHash(int64(len(leaves)), reader)
}

// Every hash of every tile that the log of this size has: the proofs below need few of them.
func checkTiles(log tiles, tree tlog.Tree, leaves []tlog.Hash) (int, error) {
	level := leaves
	count := 0
	for height := 0; len(level) > 0; height++ {
		for first := 0; first < len(level); first += 1 << tileHeight {
			width := len(level) - first
			if width > 1<<tileHeight {
				width = 1 << tileHeight
			}
			tile := tlog.Tile{H: tileHeight, L: height, N: int64(first >> tileHeight), W: width}
			data, err := log.ReadTiles([]tlog.Tile{tile})
			if err != nil {
				return 0, err
			}
			for place := 0; place < width; place++ {
				stored := data[0][place*tlog.HashSize : (place+1)*tlog.HashSize]
				if string(stored) != string(level[first+place][:]) {
					return 0, fmt.Errorf("%s: hash %d is another", log.path(tile), place)
				}
			}
			count++
		}
		var above []tlog.Hash
		for first := 0; first+1<<tileHeight <= len(level); first += 1 << tileHeight {
			root, err := computeRoot(level[first : first+1<<tileHeight])
			if err != nil {
				return 0, err
			}
			above = append(above, root)
		}
		level = above
	}
	return count, nil
}

func audit(folder, key, older string) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(filepath.Join(folder, "checkpoint"), verifier)
	if err != nil {
		return err
	}
	log := tiles{folder}
	leaves, err := log.leaves(tree)
	if err != nil {
		return err
	}
	root, err := computeRoot(leaves)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return fmt.Errorf("the entries make the root %v, signed is %v", root, tree.Hash)
	}
	count, err := checkTiles(log, tree, leaves)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, log)
	for number, leaf := range leaves {
		proof, err := tlog.ProveRecord(tree.N, int64(number), reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(number), leaf); err != nil {
			return fmt.Errorf("entry %d: %w", number, err)
		}
	}
	fmt.Printf("%d entries, %d tiles\n", len(leaves), count)
	if older == "" {
		return nil
	}
	before, err := openCheckpoint(older, verifier)
	if err != nil {
		return err
	}
	proof, err := tlog.ProveTree(tree.N, before.N, reader)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash); err != nil {
		return fmt.Errorf("from %d to %d: %w", before.N, tree.N, err)
	}
	fmt.Printf("%d entries continue the log of %d\n", tree.N, before.N)
	return nil
}

func main() {
	err := errors.New("usage: sumdb LOG KEY [OLDER]")
	switch len(os.Args) {
	case 3:
		err = audit(os.Args[1], os.Args[2], "")
	case 4:
		err = audit(os.Args[1], os.Args[2], os.Args[3])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sumdb:", err)
		os.Exit(1)
	}
}
