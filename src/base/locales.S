/* The catalogues of text.h, as bytes. */
        .section .rodata
        .global partake_locale_en, partake_locale_en_end, partake_locale_zh, partake_locale_zh_end
partake_locale_en:
        .incbin "en.json"
partake_locale_en_end:
        .byte 0
partake_locale_zh:
        .incbin "zh.json"
partake_locale_zh_end:
        .byte 0
        .section .note.GNU-stack,"",@progbits
